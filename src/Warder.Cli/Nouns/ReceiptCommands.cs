using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client.Receipts;
using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Contracts.Receipts;

namespace Warder.Cli.Nouns;

/// <summary><c>warder receipts</c></summary>
internal static class ReceiptCommands
{
    private const int MaxBytes = 4 << 20;
    private const string NoLines = "contains no lines: it must contain the output of 'warder receipts lines ID --json'.";
    private const string NoKeySet = "is not a key set: it must contain the JSON of /.well-known/jwks.json, {\"keys\": […]}.";

    private static readonly IReadOnlyList<Field<Receipt>> Fields =
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

    private static readonly IReadOnlyList<Field<ReceiptLine>> LineFields =
    [
        new("verifier", line => line.Id, InList: true),
        new("kind", line => line.Kind, InList: true),
        new("name", line => line.Name, InList: true),
        new("follows", line => line.Follows, InList: true),
        new("outcome", line => line.Outcome, InList: true),
    ];

    public static Command Build(Shell shell) => new CliCommand(
        "receipts",
        "Receipts: signed statements that changes are in force, with every verifier and its outcome.",
        "warder receipts list --subject api_key_…",
        "warder receipts verify receipt.json --keys jwks.json")
    {
        List(shell), Show(shell), Lines(shell), Verify(shell),
    }
    .Alias("receipt");

    private static CliCommand List(Shell shell)
    {
        var subject = Arguments.Text("--subject", "Only receipts about the object with this id.", "ID");
        var forEvent = Arguments.Text("--event", "Only the receipt of this event.", "ID");
        return new Noun<Receipt>(shell, Id, Fields).List(
            "Lists receipts.",
            ["warder receipts list", "warder receipts list --subject api_key_…"],
            [subject, forEvent],
            call => new ReceiptQuery { SubjectId = call.Get(subject), EventId = call.Get(forEvent) },
            client => client.Receipts.ListAsync);
    }

    private static CliCommand Show(Shell shell)
    {
        var id = Id();
        return new CliCommand(
            "show",
            "Shows a receipt.",
            "warder receipts show rcpt_…",
            "warder receipts show rcpt_… --json > receipt.json")
        {
            id,
        }
        .Does(shell, async call =>
        {
            var receipt = await call.Client.Receipts.GetAsync(call.Get(id), call.Cancelled);
            if (call.IsJson)
                call.PrintJson();
            else
                Print(call, receipt);
            return ExitCode.Ok;
        });
    }

    private static CliCommand Lines(Shell shell)
    {
        var id = Id();
        return new CliCommand(
            "lines",
            "Lists every replica that a receipt names, in the order that its digest covers.",
            "warder receipts lines rcpt_…",
            "warder receipts lines rcpt_… --json > lines.json")
        {
            id,
        }
        .Does(shell, async call =>
        {
            var lines = await call.Client.Receipts.ListLinesAsync(call.Get(id), call.Cancelled);
            var page = new ListPage<ReceiptLine> { Data = lines, ListMetadata = new ListMetadata(null, null) };
            if (call.IsJson)
                call.Print(JsonSerializer.SerializeToNode(page, WarderJson.Wire.ListPageReceiptLine)!.AsObject());
            else
                Printer.List(call.Shell, LineFields, lines);
            return ExitCode.Ok;
        });
    }

    private static CliCommand Verify(Shell shell)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "The receipt, a response that contains one, or its JWS; - for standard input.",
        };
        var keys = Arguments.Text(
            "--keys", "The key set, saved from /.well-known/jwks.json; needs no server. [default: the current one of the server]", "FILE");
        var lines = Arguments.Text(
            "--lines",
            "All its replicas, as 'warder receipts lines ID --json' printed them: they are verified against the signed digest.",
            "FILE");
        return new CliCommand(
            "verify",
            "Verifies that a receipt is as Warder signed it. Exit code 1 if it is not.",
            "warder receipts verify receipt.json --keys jwks.json",
            "warder keys revoke api_key_… --json | warder receipts verify -")
        {
            file, keys, lines,
        }
        .Does(shell, async call =>
        {
            var text = TextFile.Read(shell, call.Get(file), MaxBytes);
            var set = call.Get(keys) is { } path
                ? Read(call, path, WarderJson.Wire.JsonWebKeySet, NoKeySet)
                : await call.Client.Receipts.GetKeySetAsync(call.Cancelled);
            var (receipt, problem) = ReceiptVerification.Verify(text, set);
            if (receipt is not null && call.Get(lines) is { } at)
                problem = ReceiptVerification.CheckLines(receipt, ReadLines(call, at));
            return Report(call, receipt, problem);
        });
    }

    private static int Report(Invocation call, Receipt? receipt, string? problem)
    {
        if (call.IsJson)
        {
            call.Print(new JsonObject
            {
                ["verified"] = problem is null,
                ["problem"] = problem,
                ["receipt"] = receipt is not null && problem is null
                    ? JsonSerializer.SerializeToNode(receipt, WarderJson.Wire.Receipt)
                    : null,
            });
        }
        else if (receipt is not null && problem is null)
        {
            Print(call, receipt);
            call.Shell.Error.WriteLine("Verified: the receipt is as Warder signed it.");
        }
        else
        {
            call.Shell.Error.WriteLine($"warder: the receipt does not verify. {Printable.From(problem)}");
        }

        return problem is null ? ExitCode.Ok : ExitCode.Refused;
    }

    // Prints a receipt with its verifiers.
    private static void Print(Invocation call, Receipt receipt)
    {
        Printer.Card(call.Shell, Fields, receipt);
        Printer.List(call.Shell, LineFields, receipt.Verifiers);
        if (receipt.Replicas is { } replicas)
        {
            var outcomes = string.Join(", ", replicas.Outcomes.Select(
                static outcome => string.Create(CultureInfo.InvariantCulture, $"{outcome.Value} {outcome.Key}")));
            call.Shell.Error.WriteLine(Printable.From(
                $"{Printer.Count(replicas.Count, "replica")} in all: {outcomes}. See 'warder receipts lines {receipt.Id}'."));
        }
    }

    private static IReadOnlyList<ReceiptLine> ReadLines(Invocation call, string path)
        => Read(call, path, WarderJson.Wire.ListPageReceiptLine, NoLines).Data ?? throw new UsageException($"{path} {NoLines}");

    private static T Read<T>(Invocation call, string path, JsonTypeInfo<T> type, string problem)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(TextFile.Read(call.Shell, path, MaxBytes), type) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new UsageException($"{path} {problem}");
        }
    }

    private static Argument<string> Id() => Arguments.Id("The receipt: rcpt_…");
}
