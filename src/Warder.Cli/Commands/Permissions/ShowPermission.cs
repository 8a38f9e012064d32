using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Permissions;

/// <summary><c>warder permissions show</c></summary>
internal static class ShowPermission
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Slug("The permission: posts:read");
        return new CliCommand("show", "Shows one permission.", "warder permissions show posts:read") { id }
            .Does(shell, async call => call.Show(PermissionView.Fields, await call.Client.Permissions.GetAsync(call.Parsed.GetValue(id)!, call.Cancelled)));
    }
}
