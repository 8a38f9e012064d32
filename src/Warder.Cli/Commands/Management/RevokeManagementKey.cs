using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Management;

/// <summary><c>warder management-keys revoke</c></summary>
internal static class RevokeManagementKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The management key: management_key_…");
        var reason = Arguments.Text("--reason", "Why; up to 500 characters.");
        return new CliCommand(
            "revoke",
            "Ends the management key for good.",
            "warder management-keys revoke management_key_… --reason leaked")
        {
            id, reason,
        }
        .Does(shell, async call =>
        {
            var why = call.Parsed.GetValue(reason);
            return call.Show(
                ManagementKeyView.Fields, await call.Client.ManagementKeys.RevokeAsync(call.Parsed.GetValue(id)!, why, call.Cancelled));
        });
    }
}
