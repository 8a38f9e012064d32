using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Roles;

/// <summary><c>warder roles withdraw</c></summary>
internal static class WithdrawFromRole
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Slug("The role: editor");
        var permission = Arguments.Required("--permission", "What to take.", "SLUG");
        return new CliCommand(
            "withdraw",
            "Takes one permission from a role; its members' keys follow at once.",
            "warder roles withdraw editor --permission posts:write")
        {
            id, permission,
        }
        .Does(shell, async call =>
        {
            var slug = call.Parsed.GetValue(permission)!;
            return call.Show(RoleView.Fields, await call.Client.Roles.WithdrawAsync(call.Parsed.GetValue(id)!, slug, call.Cancelled));
        });
    }
}
