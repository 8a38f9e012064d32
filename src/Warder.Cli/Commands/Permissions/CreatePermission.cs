using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Access;

namespace Warder.Cli.Commands.Permissions;

/// <summary><c>warder permissions create</c></summary>
internal static class CreatePermission
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Slug("What programs call it: posts:read; up to 48 of a-z0-9:._*-");
        var name = Arguments.Required("--name", "What people call it; up to 48 characters.");
        var description = Arguments.Text("--description", "What it allows; up to 150 characters.");
        var owners = new Option<string[]>("--owner-type") { Description = "Whose keys may carry it; repeat for more. [default: all]", HelpName = "organization|user|workload" };
        return new CliCommand(
            "create",
            "Registers a permission.",
            "warder permissions create posts:read --name \"Read posts\"",
            "warder permissions create billing:write --name Billing --owner-type organization")
        {
            id, name, description, owners,
        }
        .Does(shell, async call =>
        {
            var request = new CreatePermissionRequest
            {
                Slug = call.Parsed.GetValue(id)!,
                Name = call.Parsed.GetValue(name)!,
                Description = call.Parsed.GetValue(description),
                AllowedOwnerTypes = call.Parsed.Many(owners),
            };
            return call.Show(PermissionView.Fields, await call.Client.Permissions.CreateAsync(request, cancellationToken: call.Cancelled));
        });
    }
}
