using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Client.Directory;

namespace Warder.Cli.Commands.Memberships;

/// <summary><c>warder memberships list</c></summary>
internal static class ListMemberships
{
    public static Command Build(Shell shell)
    {
        var pages = new ListOptions();
        var user = Arguments.Text("--user", "Of this user.", "ID");
        var organization = Arguments.Organization("Of this organization.");
        var status = new Option<string[]>("--status") { Description = "In this status; repeat for more.", HelpName = "active|inactive" };
        var verb = new CliCommand(
            "list",
            "Lists memberships, newest first.",
            "warder memberships list --org org_…",
            "warder members list --user user_… --status inactive")
        {
            user, organization, status,
        };
        pages.AddTo(verb);
        return verb.Does(shell, call =>
        {
            var query = new MembershipQuery
            {
                UserId = call.Parsed.GetValue(user),
                OrganizationId = call.Parsed.GetValue(organization),
                Statuses = call.Parsed.Many(status),
            };
            return call.ListAsync(pages, query, call.Client.Memberships.ListAsync, MembershipView.Fields);
        });
    }
}
