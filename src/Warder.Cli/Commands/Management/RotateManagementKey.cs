using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Keys;

namespace Warder.Cli.Commands.Management;

/// <summary><c>warder management-keys rotate</c></summary>
internal static class RotateManagementKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The management key: management_key_…");
        var overlap = Arguments.Number("--overlap", "How many seconds the old secret still works: 0 to 2592000. [default: 86400]", "SECONDS");
        return new CliCommand(
            "rotate",
            "Gives the key a new secret and shows it, this once; the old one goes on working for the overlap.",
            "warder management-keys rotate management_key_… --overlap 3600")
        {
            id, overlap,
        }
        .Does(shell, async call =>
        {
            var request = new RotateKeyRequest { OverlapSeconds = call.Parsed.GetValue(overlap) };
            var issued = await call.Client.ManagementKeys.RotateAsync(call.Parsed.GetValue(id)!, request, cancellationToken: call.Cancelled);
            return call.ShowIssued(ManagementKeyView.Fields, issued.Key, issued.Value);
        });
    }
}
