using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Roles;

/// <summary><c>warder roles</c></summary>
internal static class RoleCommands
{
    public static Command Build(Shell shell) => new CliCommand(
        "roles",
        "Roles: named sets of permissions, which cap what members' keys can do.",
        "warder roles create editor --name Editor",
        "warder roles grant editor --permission posts:write",
        "warder roles set-permissions member --permission posts:read")
    {
        CreateRole.Build(shell),
        ListRoles.Build(shell),
        ShowRole.Build(shell),
        UpdateRole.Build(shell),
        DeleteRole.Build(shell),
        GrantToRole.Build(shell),
        WithdrawFromRole.Build(shell),
        SetRolePermissions.Build(shell),
    };
}
