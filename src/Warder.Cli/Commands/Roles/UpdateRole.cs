using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Access;

namespace Warder.Cli.Commands.Roles;

/// <summary><c>warder roles update</c></summary>
internal static class UpdateRole
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Slug("The role: editor");
        var name = Arguments.Text("--name", "What people call it.");
        var description = Arguments.Text("--description", "Who should have it; \"\" clears it.");
        return new CliCommand(
            "update",
            "Changes name or description.",
            "warder roles update editor --name \"Senior editor\"")
        {
            id, name, description,
        }
        .Does(shell, async call =>
        {
            var request = new UpdateRoleRequest
            {
                Name = call.Parsed.PatchRequired(name),
                Description = call.Parsed.Patch(description),
            };
            if (request == new UpdateRoleRequest())
                throw new UsageException("Nothing to change: name at least one of --name, --description.");
            return call.Show(RoleView.Fields, await call.Client.Roles.UpdateAsync(call.Parsed.GetValue(id)!, request, call.Cancelled));
        });
    }
}
