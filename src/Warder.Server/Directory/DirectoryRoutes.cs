using Warder.Contracts.Directory;
using Warder.Contracts.Lists;
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
            "/organizations", Rights.DirectoryWrite, "Create an organization", Organizations.Create),
        Route.Get<ListPage<Organization>>("/organizations", Rights.DirectoryRead, "List organizations", Organizations.List),
        Route.Get<Organization>("/organizations/{id}", Rights.DirectoryRead, "Show an organization", Organizations.Show),
        Route.Get<Organization>(
            "/organizations/external_id/{externalId}", Rights.DirectoryRead, "Show the organization of an external id",
            Organizations.ShowByExternalId),
        Route.Change<UpdateOrganizationRequest, Organization>(
            "PUT", "/organizations/{id}", Rights.DirectoryWrite, "Change an organization", Organizations.Update),
        Route.Delete("/organizations/{id}", Rights.DirectoryWrite, "Delete an organization; its keys end with it", Organizations.Delete),

        Route.Create<CreateUserRequest, User>("/user_management/users", Rights.DirectoryWrite, "Create a user", Users.Create),
        Route.Get<ListPage<User>>("/user_management/users", Rights.DirectoryRead, "List users", Users.List),
        Route.Get<User>("/user_management/users/{id}", Rights.DirectoryRead, "Show a user", Users.Show),
        Route.Get<User>(
            "/user_management/users/external_id/{externalId}", Rights.DirectoryRead, "Show the user of an external id",
            Users.ShowByExternalId),
        Route.Change<UpdateUserRequest, User>("PUT", "/user_management/users/{id}", Rights.DirectoryWrite, "Change a user", Users.Update),
        Route.Delete("/user_management/users/{id}", Rights.DirectoryWrite, "Delete a user; the user's keys end", DeleteUser.Delete),
        Route.Change<Erasure>(
            "POST", "/user_management/users/{id}/erase", Rights.DirectoryWrite, "Erase a deleted user's personal values from the log",
            DeleteUser.Erase),

        Route.Create<CreateMembershipRequest, Membership>(Members, Rights.DirectoryWrite, "Make a user a member", Memberships.Create),
        Route.Get<ListPage<Membership>>(Members, Rights.DirectoryRead, "List memberships", Memberships.List),
        Route.Get<Membership>(Members + "/{id}", Rights.DirectoryRead, "Show a membership", Memberships.Show),
        Route.Change<UpdateMembershipRequest, Membership>(
            "PUT", Members + "/{id}", Rights.DirectoryWrite, "Give a member another role", MembershipChanges.Update),
        Route.Change<Membership>(
            "PUT", Members + "/{id}/deactivate", Rights.DirectoryWrite, "Suspend a member's keys",
            MembershipChanges.Deactivate) with { DryRun = true, Ends = true },
        Route.Change<Membership>(
            "PUT", Members + "/{id}/reactivate", Rights.DirectoryWrite, "Revive a member's keys", MembershipChanges.Reactivate),
        Route.Delete(Members + "/{id}", Rights.DirectoryWrite, "End a membership; its keys end with it", MembershipChanges.Delete),
    ];
}
