using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Permissions;

/// <summary><c>warder permissions</c></summary>
internal static class PermissionCommands
{
    public static Command Build(Shell shell) => new CliCommand(
        "permissions",
        "Permissions: what keys can be allowed to do.",
        "warder permissions create posts:read --name \"Read posts\"",
        "warder permissions list --all")
    {
        CreatePermission.Build(shell),
        ListPermissions.Build(shell),
        ShowPermission.Build(shell),
        UpdatePermission.Build(shell),
        DeletePermission.Build(shell),
    };
}
