using System.Globalization;
using Warder.Cli.Output;
using Warder.Contracts.Receipts;

namespace Warder.Cli.Commands.Receipts;

/// <summary>What is shown of receipts.</summary>
internal static class ReceiptView
{
    public static readonly IReadOnlyList<Field<Receipt>> Fields =
    [
        new("id", receipt => receipt.Id, InList: true),
        new("event", receipt => receipt.Type, InList: true),
        new("subject_id", receipt => receipt.SubjectId, InList: true),
        new("event_id", receipt => receipt.EventId),
        new("sequence", receipt => receipt.Sequence.ToString(CultureInfo.InvariantCulture)),
        new("committed_at", receipt => Shown.Time(receipt.CommittedAt)),
        new("in_force_at", receipt => Shown.Time(receipt.InForceAt), InList: true),
        new("issued_by", receipt => receipt.IssuedBy),
        new("environment_id", receipt => receipt.EnvironmentId),
    ];

    public static readonly IReadOnlyList<Field<ReceiptLine>> Lines =
    [
        new("verifier", line => line.Id, InList: true),
        new("kind", line => line.Kind, InList: true),
        new("name", line => line.Name, InList: true),
        new("follows", line => line.Follows, InList: true),
        new("outcome", line => line.Outcome, InList: true),
    ];

    /// <summary>Prints one with its verifiers.</summary>
    public static void Print(Invocation call, Receipt receipt)
    {
        Printer.Card(call.Shell, Fields, receipt);
        Printer.List(call.Shell, Lines, receipt.Verifiers);
        if (receipt.Replicas is { } replicas)
        {
            var outcomes = string.Join(", ", replicas.Outcomes.Select(static outcome => string.Create(CultureInfo.InvariantCulture, $"{outcome.Value} {outcome.Key}")));
            call.Shell.Error.WriteLine(Printable.From($"{Printer.Count(replicas.Count, "replica")} in all: {outcomes}. See 'warder receipts lines {receipt.Id}'."));
        }
    }
}
