using System.Globalization;
using Warder.Cli.Shells;
using Warder.Contracts.Nodes;
using Warder.Contracts.Receipts;

namespace Warder.Cli.Output;

/// <summary>Prints receipts as text.</summary>
internal static class ReceiptText
{
    /// <summary>
    /// Prints the time that a change took to be in force, and one line for each verifier whose outcome is not an acknowledgement.
    /// </summary>
    public static void Summary(Shell shell, Receipt receipt)
    {
        var took = receipt.InForceAt - receipt.CommittedAt;
        var milliseconds = Math.Max(0, took?.TotalMilliseconds ?? 0).ToString("0", CultureInfo.InvariantCulture);
        var verifiers = Printer.Count(VerifierCount(receipt), "verifier");
        shell.Error.WriteLine(
            $"In force everywhere, {milliseconds} ms after it was durable: {verifiers}. Receipt {Printable.From(receipt.Id)}");
        foreach (var line in receipt.Verifiers.Where(static line => line.Outcome != ReceiptOutcome.Acknowledged))
            Line(shell, line);
    }

    private static int VerifierCount(Receipt receipt)
        => receipt.Replicas is { } replicas
            ? receipt.Verifiers.Count(static line => line.Follows is null) + replicas.Count
            : receipt.Verifiers.Count;

    /// <summary>Prints the outcome of one verifier.</summary>
    public static void Line(Shell shell, ReceiptLine line)
    {
        var kind = line.Kind == NodeKind.Replica ? "replica" : "server";
        shell.Error.WriteLine(Printable.From($"  {line.Name} ({kind} {line.Id}): {Words(line.Outcome)}"));
    }

    /// <summary>Describes an outcome.</summary>
    public static string Words(string outcome) => outcome switch
    {
        ReceiptOutcome.Waiting => "not yet; the change waits until its lease ends",
        ReceiptOutcome.Acknowledged => "acknowledged",
        ReceiptOutcome.LeaseRanOut => "its lease ran out",
        ReceiptOutcome.RenewedPast => "renewed its lease past the change",
        _ => outcome,
    };
}
