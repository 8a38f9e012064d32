using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Access;

namespace Warder.Cli.Commands.Permissions;

/// <summary><c>warder permissions update</c></summary>
internal static class UpdatePermission
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Slug("The permission: posts:read");
        var name = Arguments.Text("--name", "What people call it.");
        var description = Arguments.Text("--description", "What it allows; \"\" clears it.");
        var owners = new Option<string[]>("--owner-type") { Description = "Whose keys may carry it; repeat for more.", HelpName = "organization|user|workload" };
        return new CliCommand(
            "update",
            "Changes what is named, and leaves the rest.",
            "warder permissions update posts:read --name \"Read all posts\"",
            "warder permissions update posts:read --owner-type organization")
        {
            id, name, description, owners,
        }
        .Does(shell, async call =>
        {
            var types = call.Parsed.Many(owners);
            var request = new UpdatePermissionRequest
            {
                Name = call.Parsed.PatchRequired(name),
                Description = call.Parsed.Patch(description),
                AllowedOwnerTypes = types is null ? default : new(IsPresent: true, types),
            };
            if (request == new UpdatePermissionRequest())
                throw new UsageException("Nothing to change: name at least one of --name, --description, --owner-type.");
            return call.Show(
                PermissionView.Fields, await call.Client.Permissions.UpdateAsync(call.Parsed.GetValue(id)!, request, call.Cancelled));
        });
    }
}
