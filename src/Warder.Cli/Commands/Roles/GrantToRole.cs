using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Roles;

/// <summary><c>warder roles grant</c></summary>
internal static class GrantToRole
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Slug("The role: editor");
        var permissions = new Option<string[]>("--permission") { Description = "What to add; repeat for more.", HelpName = "SLUG", Required = true };
        return new CliCommand(
            "grant",
            "Adds permissions to a role, and caps it.",
            "warder roles grant editor --permission posts:write")
        {
            id, permissions,
        }
        .Does(shell, async call =>
        {
            var slugs = call.Parsed.GetValue(permissions)!;
            return call.Show(RoleView.Fields, await call.Client.Roles.GrantAsync(call.Parsed.GetValue(id)!, slugs, call.Cancelled));
        });
    }
}
