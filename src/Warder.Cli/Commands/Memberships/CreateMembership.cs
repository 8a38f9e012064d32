using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Directory;

namespace Warder.Cli.Commands.Memberships;

/// <summary><c>warder memberships create</c></summary>
internal static class CreateMembership
{
    public static Command Build(Shell shell)
    {
        var user = Arguments.Required("--user", "The person.", "ID");
        var organization = new Option<string>("--organization", "--org") { Description = "The customer.", HelpName = "ID", Required = true };
        var role = Arguments.Text("--role", "Caps what the member's keys can do. [default: member]", "SLUG");
        return new CliCommand(
            "create",
            "Makes a user a member of an organization.",
            "warder memberships create --user user_… --org org_…",
            "warder members create --user user_… --org org_… --role admin")
        {
            user, organization, role,
        }
        .Does(shell, async call =>
        {
            var request = new CreateMembershipRequest
            {
                UserId = call.Parsed.GetValue(user)!,
                OrganizationId = call.Parsed.GetValue(organization)!,
                RoleSlug = call.Parsed.GetValue(role),
            };
            return call.Show(MembershipView.Fields, await call.Client.Memberships.CreateAsync(request, cancellationToken: call.Cancelled));
        });
    }
}
