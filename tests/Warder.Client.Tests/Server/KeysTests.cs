using System.Security.Cryptography;
using System.Text;
using Warder.Client.Keys;
using Warder.Client.Lists;
using Warder.Contracts.Access;
using Warder.Contracts.Directory;
using Warder.Contracts.Keys;
using Warder.Core.Secrets;

namespace Warder.Client.Tests.Server;

public sealed class KeysTests(RealServer server) : IClassFixture<RealServer>
{
    private readonly WarderClient client = server.Client;

    [Fact]
    public async Task A_key_lives_from_issue_to_deletion()
    {
        var organization = await NewOrganizationAsync();
        var (read, write) = (await NewPermissionAsync(), await NewPermissionAsync());
        var issued = await client.Keys.IssueForOrganizationAsync(organization, new IssueKeyRequest
        {
            Name = "Production \u00a0😀", Permissions = [read], Purpose = "tests", ExpiresAt = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero),
        });
        var key = issued.Key;
        Assert.Equal((KeyStatus.Active, "Production \u00a0😀", "tests"), (key.Status, key.Name, key.Purpose));
        Assert.Equal(key.Id, (await client.Keys.ValidateAsync(issued.Value, [read])).KeyId);
        Assert.Equal(DecisionCode.InsufficientPermissions, (await client.Keys.ValidateAsync(issued.Value, [write])).Code);

        key = await client.Keys.UpdateAsync(key.Id, new UpdateKeyRequest
        {
            Name = "Renamed", Permissions = new(true, [read, write]), Purpose = null, ExpiresAt = (DateTimeOffset?)null,
        });
        Assert.Equal(("Renamed", null, null), (key.Name, key.Purpose, key.ExpiresAt));
        Assert.Equal([read, write], key.EffectivePermissions);

        var rotated = await client.Keys.RotateAsync(key.Id, new RotateKeyRequest { OverlapSeconds = 0 });
        Assert.Equal(DecisionCode.Expired, (await client.Keys.ValidateAsync(issued.Value)).Code);
        Assert.True((await client.Keys.ValidateAsync(rotated.Value)).IsAllowed);

        Assert.Equal("odd", (await client.Keys.SuspendAsync(key.Id, "odd")).SuspensionReason);
        Assert.Equal(DecisionCode.Suspended, (await client.Keys.ValidateAsync(rotated.Value)).Code);
        Assert.Equal(KeyStatus.Active, (await client.Keys.ResumeAsync(key.Id)).Status);

        Assert.Equal(1, (await client.Keys.PreviewRevokeAsync(key.Id)).ApiKeysEnded);
        Assert.Equal(1, (await client.Keys.PreviewExpireAsync(key.Id)).ApiKeysEnded);
        Assert.Equal(key.Id, Assert.Single((await client.Keys.PreviewDeleteAsync(key.Id)).ApiKeys).Id);
        Assert.True((await client.Keys.ValidateAsync(rotated.Value)).IsAllowed);

        Assert.Equal("leaked", (await client.Keys.RevokeAsync(key.Id, "leaked")).RevocationReason);
        Assert.Equal(DecisionCode.Revoked, (await client.Keys.ValidateAsync(rotated.Value)).Code);
        await client.Keys.DeleteAsync(key.Id);
        Assert.Equal(404, (await Assert.ThrowsAsync<WarderException>(() => client.Keys.DeleteAsync(key.Id))).Status);
        Assert.Equal(KeyStatus.Revoked, (await client.Keys.GetAsync(key.Id)).Status);
        Assert.Empty((await client.Keys.ListForOrganizationAsync(organization)).Data);
    }

    [Fact]
    public async Task Expiry_is_scheduled_cleared_and_made_to_happen_now()
    {
        var issued = await client.Keys.IssueForOrganizationAsync(await NewOrganizationAsync(), new IssueKeyRequest { Name = "a" });
        var later = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(later, (await client.Keys.ExpireAsync(issued.Key.Id, later)).ExpiresAt);
        Assert.Null((await client.Keys.ExpireAsync(issued.Key.Id, null)).ExpiresAt);
        Assert.Equal(KeyStatus.Expired, (await client.Keys.ExpireAsync(issued.Key.Id)).Status);
        var again = await Assert.ThrowsAsync<WarderException>(() => client.Keys.ExpireAsync(issued.Key.Id));
        Assert.Equal((409, "api_key_already_expired"), (again.Status, again.Code));
    }

    [Fact]
    public async Task A_users_key_is_held_in_an_organization()
    {
        var organization = await NewOrganizationAsync();
        var user = await client.Users.CreateAsync(new CreateUserRequest { Email = $"{Unique()}@example.com" });
        var request = new IssueKeyRequest { Name = "laptop", OrganizationId = organization };
        var refusal = await Assert.ThrowsAsync<WarderException>(() => client.Keys.IssueForUserAsync(user.Id, request));
        Assert.Equal("no_active_membership", Assert.Single(refusal.Errors).Code);
        await client.Memberships.CreateAsync(new CreateMembershipRequest { UserId = user.Id, OrganizationId = organization });
        var issued = await client.OnBehalfOf(user.Id).Keys.IssueForUserAsync(user.Id, request);
        Assert.Equal(new KeyOwner { Type = OwnerTypes.User, Id = user.Id, OrganizationId = organization }, issued.Key.Owner);
        Assert.Equal(user.Id, issued.Key.ResponsibleUserId);
        Assert.Equal(issued.Key.Id, Assert.Single((await client.Keys.ListForUserAsync(user.Id, new UserKeyQuery { OrganizationId = organization })).Data).Id);
    }

    [Fact]
    public async Task The_same_idempotency_key_shows_the_same_secret()
    {
        var organization = await NewOrganizationAsync();
        var (request, again) = (new IssueKeyRequest { Name = "once" }, Unique());
        var first = await client.Keys.IssueForOrganizationAsync(organization, request, again);
        var second = await client.Keys.IssueForOrganizationAsync(organization, request, again);
        Assert.Equal((first.Key.Id, first.Value), (second.Key.Id, second.Value));
        var other = await Assert.ThrowsAsync<WarderException>(
            () => client.Keys.IssueForOrganizationAsync(organization, request with { Name = "twice" }, again));
        Assert.Equal("idempotency_key_reused", other.Code);
    }

    [Fact]
    public async Task A_traversal_shows_every_key_once_either_way()
    {
        var organization = await NewOrganizationAsync();
        var issued = new List<string>();
        for (var i = 0; i < 7; i++)
            issued.Add((await client.Keys.IssueForOrganizationAsync(organization, new IssueKeyRequest { Name = $"{i}" })).Key.Id);
        foreach (var order in new[] { ListOrder.Ascending, ListOrder.Descending })
        {
            var seen = new List<string>();
            await foreach (var key in client.Keys.ListAllAsync(new KeyQuery { OrganizationId = organization, Limit = 3, Order = order }))
                seen.Add(key.Id);
            Assert.Equal(order == ListOrder.Ascending ? issued.Order(StringComparer.Ordinal) : issued.OrderDescending(StringComparer.Ordinal), seen);
        }
    }

    [Fact]
    public async Task Every_condition_of_a_list_is_understood()
    {
        var organization = await NewOrganizationAsync();
        var permission = await NewPermissionAsync();
        var ends = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var issued = await client.Keys.IssueForOrganizationAsync(
            organization, new IssueKeyRequest { Name = "a", Permissions = [permission], ExpiresAt = ends });
        await client.Keys.IssueForOrganizationAsync(organization, new IssueKeyRequest { Name = "b" });
        KeyQuery[] queries =
        [
            new() { OrganizationId = organization, Permission = permission },
            new() { OrganizationId = organization, ExpiresBefore = ends.AddSeconds(1), CreatedBy = issued.Key.CreatedBy },
            new() { OrganizationId = organization, Status = KeyStatus.Active, Permission = permission, UnusedSince = ends },
        ];
        foreach (var query in queries)
            Assert.Equal(issued.Key.Id, Assert.Single((await client.Keys.ListAsync(query)).Data).Id);
        Assert.Empty((await client.Keys.ListAsync(new KeyQuery { OrganizationId = organization, Status = KeyStatus.Revoked })).Data);
    }

    [Fact]
    public async Task A_batch_is_answered_in_order()
    {
        var issued = await client.Keys.IssueForOrganizationAsync(await NewOrganizationAsync(), new IssueKeyRequest { Name = "a" });
        var answers = await client.Keys.ValidateManyAsync(
        [
            new PresentedKey(new SecretString("nonsense")), new PresentedKey(issued.Value), new PresentedKey(new SecretString(Samples.Secret)),
        ]);
        Assert.Equal([DecisionCode.Malformed, DecisionCode.Allowed, DecisionCode.NotFound], answers.Select(answer => answer.Code));
    }

    [Fact]
    public async Task An_imported_key_is_good_by_its_old_value_and_is_imported_once()
    {
        var organization = await NewOrganizationAsync();
        var value = $"sk_old_{Unique()}";
        var request = new ImportKeysRequest
        {
            Scheme = new ImportScheme("sk_old_", 32, "hex"),
            ApiKeys =
            [
                new ImportedKey
                {
                    ValueSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value))),
                    LastFour = value[^4..],
                    Owner = new KeyOwner { Type = OwnerTypes.Organization, Id = organization },
                    Name = "imported",
                },
            ],
        };
        var imported = Assert.Single(await client.Keys.ImportAsync(request));
        Assert.Equal(imported.Id, (await client.Keys.ValidateAsync(new SecretString(value))).KeyId);
        var again = await Assert.ThrowsAsync<WarderException>(() => client.Keys.ImportAsync(request));
        Assert.Equal((409, "api_key_already_imported", "api_keys[0].value_sha256"), (again.Status, again.Code, Assert.Single(again.Errors).Field));
    }

    private static string Unique() => Guid.NewGuid().ToString("n");

    private async Task<string> NewOrganizationAsync()
        => (await client.Organizations.CreateAsync(new CreateOrganizationRequest { Name = "Acme" })).Id;

    private async Task<string> NewPermissionAsync()
        => (await client.Permissions.CreateAsync(new CreatePermissionRequest { Slug = $"posts:{Unique()}", Name = "Posts" })).Slug;
}
