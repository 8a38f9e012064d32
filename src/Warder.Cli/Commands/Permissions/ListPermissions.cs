using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Client.Lists;

namespace Warder.Cli.Commands.Permissions;

/// <summary><c>warder permissions list</c></summary>
internal static class ListPermissions
{
    public static Command Build(Shell shell)
    {
        var pages = new ListOptions();
        var verb = new CliCommand(
            "list",
            "Lists permissions, newest first.",
            "warder permissions list --all");
        pages.AddTo(verb);
        return verb.Does(shell, call =>
        {
            var query = new ListQuery();
            return call.ListAsync(pages, query, call.Client.Permissions.ListAsync, PermissionView.Fields);
        });
    }
}
