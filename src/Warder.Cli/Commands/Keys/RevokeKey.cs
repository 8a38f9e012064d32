using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys revoke</c></summary>
internal static class RevokeKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The key: api_key_…");
        var reason = Arguments.Text("--reason", "Why; up to 500 characters.");
        var dryRun = Arguments.DryRun();
        return new CliCommand(
            "revoke",
            "Ends the key for good. When this returns, it is refused everywhere.",
            "warder keys revoke api_key_… --reason leaked",
            "warder keys revoke api_key_… --dry-run")
        {
            id, reason, dryRun,
        }
        .Does(shell, async call => call.Parsed.GetValue(dryRun)
            ? call.ShowDryRun(await call.Client.Keys.PreviewRevokeAsync(call.Parsed.GetValue(id)!, call.Cancelled), KeyView.Fields)
            : call.Show(
                KeyView.Fields, await call.Client.Keys.RevokeAsync(call.Parsed.GetValue(id)!, call.Parsed.GetValue(reason), call.Cancelled)));
    }
}
