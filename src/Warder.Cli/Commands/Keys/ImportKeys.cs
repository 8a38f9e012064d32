using System.CommandLine;
using Warder.Cli.Imports;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Keys;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys import</c></summary>
internal static class ImportKeys
{
    public static Command Build(Shell shell)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "JSON lines, or one JSON array, or - for standard input; each {value_sha256, last_four, owner: {type, id, "
                + "organization_id?}, name, permissions?, expires_at?, purpose?, responsible_user_id?}.",
        };
        var prefix = Arguments.Required("--prefix", "What the values begin with: 1 to 32 of A-Za-z0-9_-.");
        var length = Arguments.Number("--length", "How many characters follow the prefix.");
        length.Required = true;
        var alphabet = Arguments.Required("--alphabet", "What these are.", "hex|base32|base62|base64url");
        alphabet.AcceptOnlyFromAmong("hex", "base32", "base62", "base64url");
        return new CliCommand(
            "import",
            "Imports keys that another system issued, by the SHA-256 of their values, 100 at a time. Can be run again: those that are there are skipped.",
            "warder keys import keys.jsonl --prefix sk_live_ --length 32 --alphabet base62",
            "jq -c '.keys[]' export.json | warder keys import - --prefix sk_ --length 40 --alphabet hex")
        {
            file, prefix, length, alphabet,
        }
        .Does(shell, async call =>
        {
            var path = call.Parsed.GetValue(file)!;
            if (path == "-" && call.Parsed.GetValue<string?>(GlobalOptions.KeyFile) == "-")
                throw new UsageException("FILE and --key-file cannot both be standard input: put one in a file.");
            var scheme = new ImportScheme(call.Parsed.GetValue(prefix)!, call.Parsed.GetValue(length)!.Value, call.Parsed.GetValue(alphabet)!);
            var run = new ImportRun(call.Client.Keys, scheme, shell);
            await run.RunAsync(ImportSource.ReadAsync(shell, path, call.Cancelled), call.Cancelled);
            if (call.IsJson)
                shell.Out.WriteLine($$"""{"imported":{{run.Imported}},"skipped":{{run.Skipped}}}""");
            return call.Done($"Imported {run.Imported}, skipped {run.Skipped} that were there already.");
        });
    }
}
