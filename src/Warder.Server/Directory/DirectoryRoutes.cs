using Warder.Contracts.Directory;
using Warder.Core.Management;
using Warder.Server.Http;

namespace Warder.Server.Directory;

/// <summary>The routes of organizations, users and memberships.</summary>
internal static class DirectoryRoutes
{
    private const string Members = "/user_management/organization_memberships";

    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Create<CreateOrganizationRequest, Organization>(
            "/organizations", Rights.DirectoryWrite, "Create an organization", OrganizationCalls.Create),
        Route.List<Organization>(
            "/organizations", Rights.DirectoryRead, "List organizations", OrganizationCalls.List,
            new QueryField("search", "Only those with this text in their name."),
            new QueryField("domains", "Only those with one of these domains.", IsList: true)),
        Route.Get<Organization>("/organizations/{id}", Rights.DirectoryRead, "Show an organization", OrganizationCalls.Show),
        Route.Get<Organization>(
            "/organizations/external_id/{externalId}", Rights.DirectoryRead, "Show the organization of an external id",
            OrganizationCalls.ShowByExternalId),
        Route.Change<UpdateOrganizationRequest, Organization>(
            "PUT", "/organizations/{id}", Rights.DirectoryWrite, "Change an organization", OrganizationCalls.Update),
        Route.Delete(
            "/organizations/{id}", Rights.DirectoryWrite, "Delete an organization; its keys end with it", OrganizationCalls.Delete),

        Route.Create<CreateUserRequest, User>("/user_management/users", Rights.DirectoryWrite, "Create a user", UserCalls.Create),
        Route.List<User>(
            "/user_management/users", Rights.DirectoryRead, "List users", UserCalls.List,
            new QueryField("email", "Only the one with this address."),
            new QueryField("organization_id", "Only the members of this organization.")),
        Route.Get<User>("/user_management/users/{id}", Rights.DirectoryRead, "Show a user", UserCalls.Show),
        Route.Get<User>(
            "/user_management/users/external_id/{externalId}", Rights.DirectoryRead, "Show the user of an external id",
            UserCalls.ShowByExternalId),
        Route.Change<UpdateUserRequest, User>(
            "PUT", "/user_management/users/{id}", Rights.DirectoryWrite, "Change a user", UserCalls.Update),
        Route.Delete("/user_management/users/{id}", Rights.DirectoryWrite, "Delete a user; the user's keys end", UserCalls.Delete),
        Route.Change<Erasure>(
            "POST", "/user_management/users/{id}/erase", Rights.DirectoryWrite, "Erase a deleted user's personal values from the log",
            UserCalls.Erase),

        Route.Create<CreateMembershipRequest, Membership>(Members, Rights.DirectoryWrite, "Make a user a member", MembershipCalls.Create),
        Route.List<Membership>(
            Members, Rights.DirectoryRead, "List memberships", MembershipCalls.List,
            new QueryField("user_id", "Only those of this user."), new QueryField("organization_id", "Only those of this organization."),
            new QueryField("statuses", "active, inactive, pending.", IsList: true)),
        Route.Get<Membership>(Members + "/{id}", Rights.DirectoryRead, "Show a membership", MembershipCalls.Show),
        Route.Change<UpdateMembershipRequest, Membership>(
            "PUT", Members + "/{id}", Rights.DirectoryWrite, "Give a member another role", MembershipCalls.Update),
        Route.Change<Membership>(
            "PUT", Members + "/{id}/deactivate", Rights.DirectoryWrite, "Suspend a member's keys",
            MembershipCalls.Deactivate) with { DryRun = true, Ends = true },
        Route.Change<Membership>(
            "PUT", Members + "/{id}/reactivate", Rights.DirectoryWrite, "Revive a member's keys", MembershipCalls.Reactivate),
        Route.Delete(Members + "/{id}", Rights.DirectoryWrite, "End a membership; its keys end with it", MembershipCalls.Delete),
    ];
}
