using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Verbs.Permissions;

/// <summary><c>warder permissions</c></summary>
internal static class PermissionVerbs
{
    public static Command Build(Shell shell) => new Verb(
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
