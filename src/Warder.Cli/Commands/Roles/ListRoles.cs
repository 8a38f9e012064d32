using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Client.Lists;

namespace Warder.Cli.Commands.Roles;

/// <summary><c>warder roles list</c></summary>
internal static class ListRoles
{
    public static Command Build(Shell shell)
    {
        var pages = new ListOptions();
        var verb = new CliCommand(
            "list",
            "Lists roles, newest first.",
            "warder roles list");
        pages.AddTo(verb);
        return verb.Does(shell, call =>
        {
            var query = new ListQuery();
            return call.ListAsync(pages, query, call.Client.Roles.ListAsync, RoleView.Fields);
        });
    }
}
