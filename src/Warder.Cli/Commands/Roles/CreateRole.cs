using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Access;

namespace Warder.Cli.Commands.Roles;

/// <summary><c>warder roles create</c></summary>
internal static class CreateRole
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Slug("What programs call it: editor; up to 48 of a-z0-9:._*-");
        var name = Arguments.Required("--name", "What people call it; up to 48 characters.");
        var description = Arguments.Text("--description", "Who should have it; up to 150 characters.");
        return new CliCommand(
            "create",
            "Creates a role, with no permissions.",
            "warder roles create editor --name Editor")
        {
            id, name, description,
        }
        .Does(shell, async call =>
        {
            var request = new CreateRoleRequest
            {
                Slug = call.Parsed.GetValue(id)!,
                Name = call.Parsed.GetValue(name)!,
                Description = call.Parsed.GetValue(description),
            };
            return call.Show(RoleView.Fields, await call.Client.Roles.CreateAsync(request, cancellationToken: call.Cancelled));
        });
    }
}
