using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client.Receipts;
using Warder.Contracts;
using Warder.Contracts.Receipts;

namespace Warder.Cli.Commands.Receipts;

/// <summary><c>warder receipts verify</c></summary>
internal static class VerifyReceipt
{
    private const int MaxBytes = 4 << 20;

    public static Command Build(Shell shell)
    {
        var file = new Argument<string>("FILE") { Description = "The receipt, an answer that holds one, or its JWS; - for standard input." };
        var keys = Arguments.Text("--keys", "The key set, as /.well-known/jwks.json had it: nobody is asked then. [default: the server's, now]", "FILE");
        var lines = Arguments.Text("--lines", "All its replicas, as 'warder receipts lines ID --json' printed them: they are verified by the digest that was signed.", "FILE");
        return new CliCommand(
            "verify",
            "Verifies that a receipt is what Warder signed. Exit code 1 if it is not.",
            "warder receipts verify receipt.json --keys jwks.json",
            "warder keys revoke api_key_… --json | warder receipts verify -")
        {
            file, keys, lines,
        }
        .Does(shell, async call =>
        {
            var text = TextFile.Read(shell, call.Parsed.GetValue(file)!, MaxBytes);
            var (receipt, problem) = ReceiptVerification.Verify(text, await Keys(call, call.Parsed.GetValue(keys)));
            if (receipt is not null && call.Parsed.GetValue(lines) is { } path)
                problem = ReceiptVerification.CheckLines(receipt, Lines(call, path));
            if (call.IsJson)
            {
                call.Print(new JsonObject
                {
                    ["verified"] = problem is null,
                    ["problem"] = problem,
                    ["receipt"] = receipt is null || problem is not null ? null : JsonSerializer.SerializeToNode(receipt, WarderJson.Wire.Receipt),
                });
            }
            else if (receipt is not null && problem is null)
            {
                ReceiptView.Print(call, receipt);
                shell.Error.WriteLine("Verified: this is what Warder signed.");
            }
            else
            {
                shell.Error.WriteLine($"warder: it does not verify. {Printable.From(problem)}");
            }

            return problem is null ? ExitCode.Ok : ExitCode.Refused;
        });
    }

    private static IReadOnlyList<ReceiptLine> Lines(Invocation call, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(TextFile.Read(call.Shell, path, MaxBytes), WarderJson.Wire.ListPageReceiptLine)?.Data ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new UsageException($"{path} holds no lines: it must hold what 'warder receipts lines ID --json' prints.");
        }
    }

    private static async Task<JsonWebKeySet> Keys(Invocation call, string? path)
    {
        if (path is null)
            return await call.Client.Receipts.GetKeySetAsync(call.Cancelled);
        try
        {
            return JsonSerializer.Deserialize(TextFile.Read(call.Shell, path, MaxBytes), WarderJson.Wire.JsonWebKeySet) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new UsageException($"{path} is no key set: it must hold what /.well-known/jwks.json says, {{\"keys\": […]}}.");
        }
    }
}
