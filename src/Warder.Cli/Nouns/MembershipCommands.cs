using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client.Directory;
using Warder.Contracts.Directory;

namespace Warder.Cli.Nouns;

/// <summary><c>warder memberships</c></summary>
internal static class MembershipCommands
{
    private static readonly IReadOnlyList<Field<Membership>> Fields =
    [
        new("id", membership => membership.Id, InList: true),
        new("user_id", membership => membership.UserId, InList: true),
        new("organization_id", membership => membership.OrganizationId, InList: true),
        new("organization_name", membership => membership.OrganizationName, InList: true),
        new("role", membership => membership.Role.Slug, InList: true),
        new("status", membership => membership.Status, InList: true),
        new("created_at", membership => Shown.Time(membership.CreatedAt)),
        new("updated_at", membership => Shown.Time(membership.UpdatedAt)),
    ];

    public static Command Build(Shell shell)
    {
        var noun = new Noun<Membership>(shell, () => Arguments.Id("The membership: om_…"), Fields);
        return new CliCommand(
            "memberships",
            "Memberships: users' places in organizations.",
            "warder memberships create --user user_… --org org_… --role member",
            "warder memberships deactivate om_… --dry-run")
        {
            Create(noun),
            List(noun),
            noun.Show("Shows one membership.", "warder memberships show om_…", client => client.Memberships.GetAsync),
            Update(noun),
            noun.On(
                "deactivate",
                "Suspends the membership, and the member's keys with it.",
                ["warder memberships deactivate om_…", "warder memberships deactivate om_… --dry-run"],
                [],
                (call, id) => call.Client.Memberships.DeactivateAsync(id, call.Cancelled),
                client => client.Memberships.PreviewDeactivateAsync),
            noun.On(
                "reactivate",
                "Revives the membership and the member's keys.",
                ["warder memberships reactivate om_…"],
                [],
                (call, id) => call.Client.Memberships.ReactivateAsync(id, call.Cancelled)),
            noun.Delete(
                "Deletes a membership and ends its keys for good; joining again does not revive them.",
                ["warder memberships delete om_…", "warder memberships delete om_… --dry-run"],
                client => client.Memberships.DeleteAsync,
                client => client.Memberships.PreviewDeleteAsync),
        }.Alias("members");
    }

    private static CliCommand Create(Noun<Membership> noun)
    {
        var user = Arguments.Required("--user", "The user.", "ID");
        var organization = Arguments.RequiredOrganization("The organization.");
        var role = Arguments.Text("--role", "Caps the permissions of the member's keys. [default: member]", "SLUG");
        return noun.Create(
            "Makes a user a member of an organization.",
            ["warder memberships create --user user_… --org org_…", "warder members create --user user_… --org org_… --role admin"],
            [user, organization, role],
            call => call.Client.Memberships.CreateAsync(
                new CreateMembershipRequest { UserId = call.Get(user), OrganizationId = call.Get(organization), RoleSlug = call.Get(role) },
                cancellationToken: call.Cancelled));
    }

    private static CliCommand List(Noun<Membership> noun)
    {
        var user = Arguments.Text("--user", "Memberships of this user.", "ID");
        var organization = Arguments.Organization("Memberships of this organization.");
        var status = Arguments.Repeated("--status", "Memberships in this status; repeat for more.", "active|inactive");
        return noun.List(
            "Lists memberships, newest first.",
            ["warder memberships list --org org_…", "warder members list --user user_… --status inactive"],
            [user, organization, status],
            call => new MembershipQuery
            {
                UserId = call.Get(user), OrganizationId = call.Get(organization), Statuses = call.Many(status),
            },
            client => client.Memberships.ListAsync);
    }

    private static CliCommand Update(Noun<Membership> noun)
    {
        var role = Arguments.Required("--role", "The new role.", "SLUG");
        return noun.On(
            "update",
            "Gives the member another role; the permissions of the member's keys follow at once.",
            ["warder memberships update om_… --role admin"],
            [role],
            (call, id) => call.Client.Memberships.UpdateAsync(id, new UpdateMembershipRequest(call.Get(role)), call.Cancelled));
    }
}
