using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Management;

/// <summary><c>warder management-keys show</c></summary>
internal static class ShowManagementKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The management key: management_key_…");
        return new CliCommand("show", "Shows one management key; never its secret.", "warder management-keys show management_key_…") { id }
            .Does(shell, async call => call.Show(ManagementKeyView.Fields, await call.Client.ManagementKeys.GetAsync(call.Parsed.GetValue(id)!, call.Cancelled)));
    }
}
