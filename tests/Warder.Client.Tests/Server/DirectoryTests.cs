using Warder.Client.Directory;
using Warder.Contracts.Access;
using Warder.Contracts.Directory;
using Warder.Contracts.Json;
using Warder.Contracts.Keys;

namespace Warder.Client.Tests.Server;

public sealed class DirectoryTests(RealServer server) : IClassFixture<RealServer>
{
    private readonly WarderClient client = server.Client;

    [Fact]
    public async Task An_organization_is_created_found_changed_and_deleted()
    {
        var external = Unique();
        var created = await client.Organizations.CreateAsync(new CreateOrganizationRequest
        {
            Name = "Acme " + external, ExternalId = external, Metadata = new Dictionary<string, string> { ["plan"] = "pro" },
        });
        Assert.Equal("pro", created.Metadata["plan"]);
        Assert.Equal(created.Id, (await client.Organizations.GetAsync(created.Id)).Id);
        Assert.Equal(created.Id, (await client.Organizations.GetByExternalIdAsync(external)).Id);
        Assert.Equal(created.Id, Assert.Single((await client.Organizations.ListAsync(new OrganizationQuery { Search = external })).Data).Id);

        var updated = await client.Organizations.UpdateAsync(created.Id, new UpdateOrganizationRequest { Name = "Other" });
        Assert.Equal(("Other", external), (updated.Name, updated.ExternalId));
        updated = await client.Organizations.UpdateAsync(created.Id, new UpdateOrganizationRequest { ExternalId = null });
        Assert.Equal(("Other", null), (updated.Name, updated.ExternalId));

        var issued = await client.Keys.IssueForOrganizationAsync(created.Id, new IssueKeyRequest { Name = "a" });
        Assert.Equal(1, (await client.Organizations.PreviewDeleteAsync(created.Id)).ApiKeysEnded);
        await client.Organizations.DeleteAsync(created.Id);
        Assert.Equal(DecisionCode.Revoked, (await client.Keys.ValidateAsync(issued.Value)).Code);
        Assert.Equal("owner_deleted", (await client.Keys.GetAsync(issued.Key.Id)).RevocationReason);
        var gone = await Assert.ThrowsAsync<WarderException>(() => client.Organizations.GetAsync(created.Id));
        Assert.Equal((404, "entity_not_found"), (gone.Status, gone.Code));
    }

    [Fact]
    public async Task A_user_is_created_found_changed_deleted_and_erased()
    {
        var (email, external) = ($"{Unique()}@example.com", Unique());
        var created = await client.Users.CreateAsync(new CreateUserRequest
        {
            Email = email, FirstName = "Ada", LastName = "Lovelace", EmailVerified = true, ExternalId = external,
        });
        Assert.Equal(("Ada", true), (created.FirstName, created.EmailVerified));
        Assert.Equal(created.Id, (await client.Users.GetByExternalIdAsync(external)).Id);
        Assert.Equal(created.Id, Assert.Single((await client.Users.ListAsync(new UserQuery { Email = email })).Data).Id);
        var taken = await Assert.ThrowsAsync<WarderException>(() => client.Users.CreateAsync(new CreateUserRequest { Email = email }));
        Assert.Equal("email_not_available", Assert.Single(taken.Errors).Code);

        var updated = await client.Users.UpdateAsync(created.Id, new UpdateUserRequest { LastName = null, EmailVerified = false });
        Assert.Equal(("Ada", null, false), (updated.FirstName, updated.LastName, updated.EmailVerified));

        Assert.Equal("user_not_deleted", (await Assert.ThrowsAsync<WarderException>(() => client.Users.EraseAsync(created.Id))).Code);
        Assert.Equal(0, (await client.Users.PreviewDeleteAsync(created.Id)).ApiKeysEnded);
        await client.Users.DeleteAsync(created.Id);
        Assert.Equal(created.Id, (await client.Users.EraseAsync(created.Id)).UserId);
        Assert.Equal(404, (await Assert.ThrowsAsync<WarderException>(() => client.Users.GetAsync(created.Id))).Status);
    }

    [Fact]
    public async Task A_membership_carries_its_keys_with_it()
    {
        var organization = await client.Organizations.CreateAsync(new CreateOrganizationRequest { Name = "Acme" });
        var user = await client.Users.CreateAsync(new CreateUserRequest { Email = $"{Unique()}@example.com" });
        var request = new CreateMembershipRequest { UserId = user.Id, OrganizationId = organization.Id };
        var membership = await client.Memberships.CreateAsync(request);
        Assert.Equal(("member", MembershipStatus.Active, "Acme"), (membership.Role.Slug, membership.Status, membership.OrganizationName));
        var twice = await Assert.ThrowsAsync<WarderException>(() => client.Memberships.CreateAsync(request));
        Assert.Equal((409, "organization_membership_already_exists"), (twice.Status, twice.Code));
        Assert.Equal(user.Id, Assert.Single((await client.Users.ListAsync(new UserQuery { OrganizationId = organization.Id })).Data).Id);
        var issued = await client.Keys.IssueForUserAsync(user.Id, new IssueKeyRequest { Name = "a", OrganizationId = organization.Id });

        Assert.Equal("admin", (await client.Memberships.UpdateAsync(membership.Id, new UpdateMembershipRequest("admin"))).Role.Slug);
        Assert.Equal(1, (await client.Memberships.PreviewDeactivateAsync(membership.Id)).ApiKeysEnded);
        Assert.Equal(MembershipStatus.Inactive, (await client.Memberships.DeactivateAsync(membership.Id)).Status);
        Assert.Equal(DecisionCode.OwnerInactive, (await client.Keys.ValidateAsync(issued.Value)).Code);
        Assert.Equal(membership.Id, Assert.Single((await client.Memberships.ListAsync(new MembershipQuery
        {
            UserId = user.Id, OrganizationId = organization.Id, Statuses = [MembershipStatus.Inactive],
        })).Data).Id);
        Assert.Equal(MembershipStatus.Active, (await client.Memberships.ReactivateAsync(membership.Id)).Status);
        Assert.True((await client.Keys.ValidateAsync(issued.Value)).IsAllowed);

        Assert.Equal(1, (await client.Memberships.PreviewDeleteAsync(membership.Id)).ApiKeysEnded);
        await client.Memberships.DeleteAsync(membership.Id);
        await client.Memberships.CreateAsync(request);
        Assert.Equal(DecisionCode.Revoked, (await client.Keys.ValidateAsync(issued.Value)).Code);
    }

    [Fact]
    public async Task Permissions_and_roles_are_created_changed_and_deleted()
    {
        var (slug, role) = ($"posts:{Unique()}", $"editor-{Unique()}");
        var created = await client.Permissions.CreateAsync(new CreatePermissionRequest
        {
            Slug = slug, Name = "Posts", Description = "All", AllowedOwnerTypes = ["organization"],
        });
        Assert.Equal(["organization"], created.AllowedOwnerTypes);
        var twice = await Assert.ThrowsAsync<WarderException>(
            () => client.Permissions.CreateAsync(new CreatePermissionRequest { Slug = slug, Name = "Posts" }));
        Assert.Equal("permission_slug_conflict", twice.Code);
        var updated = await client.Permissions.UpdateAsync(slug, new UpdatePermissionRequest
        {
            Description = null, AllowedOwnerTypes = new Optional<IReadOnlyList<string>?>(true, ["organization", "user", "workload"]),
        });
        Assert.Equal(("Posts", null, 3), (updated.Name, updated.Description, updated.AllowedOwnerTypes.Count));
        Assert.Equal(created.Id, (await client.Permissions.GetAsync(slug)).Id);

        Assert.True((await client.Roles.CreateAsync(new CreateRoleRequest { Slug = role, Name = "Editor" })).Capped);
        Assert.Equal([slug], (await client.Roles.GrantAsync(role, [slug])).Permissions);
        Assert.Empty((await client.Roles.WithdrawAsync(role, slug)).Permissions);
        Assert.Equal([slug], (await client.Roles.SetPermissionsAsync(role, [slug])).Permissions);
        Assert.Equal("Chief", (await client.Roles.UpdateAsync(role, new UpdateRoleRequest { Name = "Chief" })).Name);
        Assert.Equal("Chief", (await client.Roles.GetAsync(role)).Name);
        Assert.Contains(await client.Roles.ListAllAsync().ToListAsync(), found => found is { Slug: "admin", Capped: false });
        Assert.Equal((403, "role_built_in"), await RefusalAsync(() => client.Roles.DeleteAsync("admin")));
        await client.Roles.DeleteAsync(role);
        await client.Permissions.DeleteAsync(slug);
        Assert.Equal((404, "entity_not_found"), await RefusalAsync(() => client.Permissions.GetAsync(slug)));
        Assert.DoesNotContain(await client.Permissions.ListAllAsync().ToListAsync(), found => found.Slug == slug);
    }

    private static string Unique() => Guid.NewGuid().ToString("n")[..20];

    private static async Task<(int, string)> RefusalAsync(Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<WarderException>(call);
        return (refusal.Status, refusal.Code);
    }
}
