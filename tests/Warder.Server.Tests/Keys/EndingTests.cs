using System.Diagnostics;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Keys;

/// <summary>Every way in which a key ends; an ended key stays ended.</summary>
public sealed class EndingTests
{
    private const string Members = "/user_management/organization_memberships";

    [Fact]
    public async Task Expiring_is_now_or_later_or_never_and_once()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (organization, key) = await Issue(warder);
        var path = $"/api_keys/{key.Id}/expire";
        Assert.Equal(
            "2999-01-01T00:00:00.000Z", (await warder.Post(path, new { expires_at = "2999-01-01T01:00:00+01:00" })).Is(200)["expires_at"]);
        Assert.Null((await warder.Post(path, new { expires_at = (string?)null })).Is(200)["expires_at"]);
        Assert.Equal("allowed", await warder.Decide(key.Value));

        var now = (await warder.Post(path)).Is(200);
        Assert.Equal("expired", now["status"]);
        Assert.Equal("expired", await warder.Decide(key.Value));
        Assert.Equal("api_key_already_expired", (await warder.Post(path)).Is(409).Code);
        Assert.Equal("api_key_already_expired", (await warder.Post(path, new { expires_at = "2999-01-01T00:00:00Z" })).Is(409).Code);
        Assert.Equal("api_key_already_expired", (await warder.Post(path, new { expires_at = (string?)null })).Is(409).Code);
        Assert.Equal("expired", await warder.Decide(key.Value));

        var other = (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" })).Is(201);
        Assert.Equal(
            "expired", (await warder.Post($"/api_keys/{other.Id}/expire", new { expires_at = "2020-01-01T00:00:00Z" })).Is(200)["status"]);
        Assert.Equal("expired", await warder.Decide(other.Value));
        (await warder.Post($"/api_keys/{other.Id}/revoke")).Is(200);
        Assert.Equal("api_key_ended", (await warder.Post($"/api_keys/{other.Id}/expire")).Is(409).Code);
        Assert.Equal("revoked", await warder.Decide(other.Value));
    }

    [Fact]
    public async Task A_deleted_key_is_gone_from_the_owners_lists_and_kept_in_the_record()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        foreach (var (id, list) in new[] { (own.Key, $"/organizations/{own.Organization}/api_keys"),
            (own.UserKey, $"/user_management/users/{own.User}/api_keys") })
        {
            Assert.Contains(id, (await warder.Get(list)).Is(200).Ids);
            (await warder.Delete("/api_keys/" + id)).Is(204);
            Assert.Equal("entity_not_found", (await warder.Delete("/api_keys/" + id)).Is(404).Code);
            Assert.DoesNotContain(id, (await warder.Get(list)).Is(200).Ids);
            Assert.Contains(id, (await warder.Get("/api_keys?status=revoked")).Is(200).Ids);
            Assert.Contains(id, (await warder.Get("/api_keys")).Is(200).Ids);
            Assert.Equal("revoked", (await warder.Get("/api_keys/" + id)).Is(200)["status"]);
        }

        Assert.Equal("revoked", await warder.Decide(own.KeyValue));
        (await warder.Post($"/api_keys/{own.Key}/revoke")).Is(200);
    }

    [Fact]
    public async Task A_key_that_expired_by_the_clock_is_refused_at_once_and_noted_in_the_log_within_a_minute()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var end = DateTimeOffset.UtcNow.AddMilliseconds(1500);
        var key = (await warder.Post(
            $"/organizations/{organization}/api_keys", new { name = "k", expires_at = end.ToString("yyyy-MM-ddTHH:mm:ss.fffZ") })).Is(201);
        var since = Stopwatch.StartNew();
        string code;
        do
        {
            var before = DateTimeOffset.UtcNow;
            code = await warder.Decide(key.Value);
            Assert.True(code == "allowed" || DateTimeOffset.UtcNow >= end.AddMilliseconds(-1), "Expired too early.");
            Assert.True(code == "expired" || before <= end, "Allowed too late.");
        }
        while (code != "expired");

        Assert.Equal("expired", (await warder.Get("/api_keys/" + key.Id))["status"]);
        await Eventually.Holds(
            async () => (await Expired(warder)).Contains(key.Id), TimeSpan.FromMinutes(1) - since.Elapsed, "No event within a minute.");
        var noted = (await warder.Get("/events?events=api_key.expired")).Data.Single();
        Assert.Equal("system", noted.GetProperty("context").GetProperty("actor").GetProperty("id").GetString());
        Assert.Null(warder.VerifyLog().Problem);
    }

    [Fact]
    public async Task A_key_that_ended_with_its_owner_does_not_expire_in_the_log_as_well()
    {
        await using var warder = await RunningWarder.StartAsync();
        var end = DateTimeOffset.UtcNow.AddSeconds(2).ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
        var (gone, stays) = ((await warder.Post("/organizations", new { name = "gone" })).Is(201)
            .Id, (await warder.Post("/organizations", new { name = "stays" })).Is(201).Id);
        var ended = (await warder.Post($"/organizations/{gone}/api_keys", new { name = "k", expires_at = end })).Is(201).Id;
        var other = (await warder.Post($"/organizations/{stays}/api_keys", new { name = "k", expires_at = end })).Is(201).Id;
        (await warder.Delete("/organizations/" + gone)).Is(204);
        await Eventually.Holds(async () => (await Expired(warder)).Contains(other), TimeSpan.FromMinutes(1), "No event within a minute.");

        Assert.DoesNotContain(ended, await Expired(warder));
        Assert.Equal(
            ("revoked", "owner_deleted"),
            ((await warder.Get("/api_keys/" + ended))["status"], (await warder.Get("/api_keys/" + ended))["revocation_reason"]));
    }

    [Fact]
    public async Task Leaving_and_joining_again_revives_no_key()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var key = (await warder.Post(
            $"/user_management/users/{own.User}/api_keys", new { name = "k", organization_id = own.Organization })).Is(201);
        Assert.Equal("allowed", await warder.Decide(key.Value));
        (await warder.Delete($"{Members}/{own.Membership}")).Is(204);
        (await warder.Delete($"{Members}/{own.Membership}")).Is(404);
        Assert.Equal("revoked", await warder.Decide(key.Value));
        (await warder.Post(Members, new { user_id = own.User, organization_id = own.Organization })).Is(201);

        Assert.Equal("revoked", await warder.Decide(key.Value));
        var shown = (await warder.Get("/api_keys/" + key.Id)).Is(200);
        Assert.Equal(("revoked", "owner_deleted"), (shown["status"], shown["revocation_reason"]));
        Assert.NotNull(shown["revoked_at"]);
        await warder.RestartAsync();
        Assert.Equal("revoked", await warder.Decide(key.Value));
    }

    [Fact]
    public async Task Registering_a_slug_again_gives_it_back_to_no_key_and_no_role()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        (await warder.Put($"{Members}/{own.Membership}", new { role_slug = own.Role })).Is(200);
        var ofUser = (await warder.Post(
            $"/user_management/users/{own.User}/api_keys",
            new { name = "k", organization_id = own.Organization, permissions = new[] { own.Permission } })).Is(201);
        Assert.Equal("allowed", await warder.Decide(own.KeyValue, own.Permission));
        (await warder.Delete("/authorization/permissions/" + own.Permission)).Is(204);
        (await warder.Post("/authorization/permissions", new { slug = own.Permission, name = "again" })).Is(201);

        foreach (var restarted in (bool[])[false, true])
        {
            if (restarted)
                await warder.RestartAsync();
            Assert.Equal("insufficient_permissions", await warder.Decide(own.KeyValue, own.Permission));
            Assert.Equal("insufficient_permissions", await warder.Decide(ofUser.Value, own.Permission));
            Assert.Equal("[]", (await warder.Get("/api_keys/" + own.Key))["permissions"]);
            Assert.Equal("[]", (await warder.Get("/authorization/roles/" + own.Role))["permissions"]);
            Assert.Empty((await warder.Get("/api_keys?permission=" + own.Permission)).Is(200).Data);
        }
    }

    [Fact]
    public async Task A_deleted_user_or_organization_frees_its_names()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var user = new { email = "A@Example.com", external_id = own.UserExternalId };
        var organization = new { name = "o", external_id = own.OrganizationExternalId };
        Assert.Equal("email_not_available", (await warder.Post("/user_management/users", user)).Is(422).Code);
        (await warder.Post("/organizations", organization)).Is(422);
        (await warder.Delete("/user_management/users/" + own.User)).Is(204);
        (await warder.Delete("/organizations/" + own.Organization)).Is(204);

        var newUser = (await warder.Post("/user_management/users", user)).Is(201).Id;
        var newOrganization = (await warder.Post("/organizations", organization)).Is(201).Id;
        Assert.Equal(newUser, (await warder.Get("/user_management/users/external_id/" + own.UserExternalId)).Is(200).Id);
        Assert.Equal(newOrganization, (await warder.Get("/organizations/external_id/" + own.OrganizationExternalId)).Is(200).Id);
        (await warder.Get("/user_management/users/" + own.User)).Is(404);
        (await warder.Get($"/user_management/users/{own.User}/api_keys")).Is(404);
        (await warder.Get($"{Members}/{own.Membership}")).Is(404);
        Assert.Equal("revoked", await warder.Decide(own.KeyValue));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    public async Task The_first_permissions_given_to_a_role_cap_it_though_they_are_none(string method)
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var key = (await warder.Post(
            $"/user_management/users/{own.User}/api_keys",
            new { name = "k", organization_id = own.Organization, permissions = new[] { own.Permission } })).Is(201);
        Assert.Equal("False", (await warder.Get("/authorization/roles/member"))["capped"]);
        Assert.Equal("allowed", await warder.Decide(key.Value, own.Permission));
        Assert.Equal(
            "True", (await warder.Send(method, "/authorization/roles/member/permissions", new { permissions = Array.Empty<string>() }))
                .Is(200)["capped"]);

        Assert.Equal("insufficient_permissions", await warder.Decide(key.Value, own.Permission));
        var more = await warder.Post(
            $"/user_management/users/{own.User}/api_keys",
            new { name = "k", organization_id = own.Organization, permissions = new[] { own.Permission } });
        Assert.Equal(["permissions[0]: exceeds_owner"], more.Is(422).Faults);
        (await warder.Post("/authorization/roles/member/permissions", new { slug = own.Permission })).Is(200);
        Assert.Equal("allowed", await warder.Decide(key.Value, own.Permission));
    }

    /// <summary>Lists the keys with an expiry event in the log.</summary>
    private static async Task<List<string>> Expired(RunningWarder warder)
        => (await warder.Get("/events?events=api_key.expired")).Data.ConvertAll(e => e.GetProperty("data").GetProperty("id").GetString()!);

    private static async Task<(string Organization, Reply Key)> Issue(RunningWarder warder)
    {
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        return (organization, (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" })).Is(201));
    }
}
