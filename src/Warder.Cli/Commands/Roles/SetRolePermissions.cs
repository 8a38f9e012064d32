using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Roles;

/// <summary><c>warder roles set-permissions</c></summary>
internal static class SetRolePermissions
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Slug("The role: editor");
        var permissions = Arguments.Permissions("What its members may have; repeat for more.");
        var none = new Option<bool>("--none") { Description = "Nothing at all." };
        return new CliCommand(
            "set-permissions",
            "Replaces a role's permissions and caps it; its members' keys follow at once.",
            "warder roles set-permissions member --permission posts:read",
            "warder roles set-permissions member --none")
        {
            id, permissions, none,
        }
        .Does(shell, async call =>
        {
            var slugs = call.Parsed.Many(permissions);
            if (slugs is null != call.Parsed.GetValue(none))
                throw new UsageException("Say which: --permission, once or more, or --none.");
            return call.Show(
                RoleView.Fields, await call.Client.Roles.SetPermissionsAsync(call.Parsed.GetValue(id)!, slugs ?? [], call.Cancelled));
        });
    }
}
