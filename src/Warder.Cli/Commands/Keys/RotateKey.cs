using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Json;
using Warder.Contracts.Keys;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys rotate</c></summary>
internal static class RotateKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The key: api_key_…");
        var overlap = Arguments.Number("--overlap", "How many seconds the old secret still works: 0 to 2592000. [default: 86400]", "SECONDS");
        var expires = Arguments.Text("--expires-at", "The key's new end: 2026-12-31, 90d from now, or never. [default: as it is]", "TIME");
        return new CliCommand(
            "rotate",
            "Gives the key a new secret and shows it, this once; the old one goes on working for the overlap.",
            "warder keys rotate api_key_…",
            "warder keys rotate api_key_… --overlap 0")
        {
            id, overlap, expires,
        }
        .Does(shell, async call =>
        {
            var expiry = call.Parsed.GetValue(expires);
            var request = new RotateKeyRequest
            {
                OverlapSeconds = call.Parsed.GetValue(overlap),
                ExpiresAt = expiry is null
                    ? default
                    : new Optional<DateTimeOffset?>(IsPresent: true, TimeText.AheadOrNever(expires.Name, expiry, shell.Now())),
            };
            var issued = await call.Client.Keys.RotateAsync(call.Parsed.GetValue(id)!, request, cancellationToken: call.Cancelled);
            return call.ShowIssued(KeyView.Fields, issued.Key, issued.Value);
        });
    }
}
