using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Roles;

/// <summary><c>warder roles show</c></summary>
internal static class ShowRole
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Slug("The role: editor");
        return new CliCommand("show", "Shows one role.", "warder roles show editor") { id }
            .Does(shell, async call => call.Show(RoleView.Fields, await call.Client.Roles.GetAsync(call.Parsed.GetValue(id)!, call.Cancelled)));
    }
}
