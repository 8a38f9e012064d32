using Warder.Core.Management;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Management;

/// <summary>A management key grants, and takes over, no more rights than it holds.</summary>
public sealed class GrantorTests
{
    private static readonly string[] All = [.. RightNames.Every.Select(row => row.Name)];

    [Fact]
    public async Task A_key_can_give_each_right_that_it_has_and_none_that_it_lacks()
    {
        await using var warder = await RunningWarder.StartAsync();
        foreach (var lacking in All.Where(right => right != "management:write"))
        {
            var grantor = await warder.Grant(null, All.Where(right => right != lacking));
            foreach (var right in All)
            {
                var reply = await warder.Post("/management_keys", new { name = "n", rights = new[] { right } }, grantor);
                reply.Is(right == lacking ? 422 : 201);
                if (right == lacking)
                    Assert.Equal(["rights[0]: exceeds_grantor"], reply.Faults);
            }

            var own = (await warder.Post("/management_keys", new { name = "n", rights = Array.Empty<string>() }, grantor)).Is(201).Id;
            var patch = new { rights = new[] { "management:write", lacking } };
            Assert.Equal(["rights[1]: exceeds_grantor"], (await warder.Patch("/management_keys/" + own, patch, grantor)).Is(422).Faults);
        }
    }

    [Fact]
    public async Task A_stronger_key_can_be_neither_changed_nor_rotated_nor_ended()
    {
        await using var warder = await RunningWarder.StartAsync();
        var stronger = (await warder.Post(
            "/management_keys", new { name = "s", rights = new[] { "management:write", "keys:read" } })).Is(201);
        var weaker = await warder.Grant(null, "management:write", "management:read", "keys:write");
        var head = warder.Head;
        var path = "/management_keys/" + stronger.Id;

        Assert.Equal("exceeds_grantor", (await warder.Patch(path, new { name = "mine" }, weaker)).Is(403).Code);
        Assert.Equal("exceeds_grantor", (await warder.Patch(path, new { rights = Array.Empty<string>() }, weaker)).Is(403).Code);
        Assert.Equal("exceeds_grantor", (await warder.Post(path + "/rotate", new { overlap_seconds = 0 }, weaker)).Is(403).Code);
        Assert.Equal("exceeds_grantor", (await warder.Post(path + "/revoke", null, weaker)).Is(403).Code);
        Assert.Equal("exceeds_grantor", (await warder.Delete(path, weaker)).Is(403).Code);

        Assert.Equal(head, warder.Head);
        (await warder.Get("/api_keys", stronger.Value)).Is(200);
    }

    [Fact]
    public async Task A_key_that_may_create_environments_gets_no_more_rights_there_than_it_has_here()
    {
        await using var warder = await RunningWarder.StartAsync();
        var creator = await warder.Grant(null, "environments:write", "management:read");
        var made = (await warder.Post("/environments", new { name = "e", key_prefix = "other" }, creator)).Is(201)
            .Json.GetProperty("management_key");

        Assert.Equal(
            ["management:read", "environments:write"], made.GetProperty("rights").EnumerateArray().Select(right => right.GetString()!));
        Assert.Equal("insufficient_rights", (await warder.Get("/api_keys", made.GetProperty("value").GetString())).Is(403).Code);
    }

    [Fact]
    public async Task A_change_of_rights_is_in_force_when_its_call_returns()
    {
        await using var warder = await RunningWarder.StartAsync();
        var key = (await warder.Post("/management_keys", new { name = "n", rights = new[] { "keys:read", "events:read" } })).Is(201);
        (await warder.Get("/api_keys", key.Value)).Is(200);

        await warder.Patch("/management_keys/" + key.Id, new { rights = new[] { "events:read" } });
        (await warder.Get("/api_keys", key.Value)).Is(403);
        (await warder.Get("/events", key.Value)).Is(200);

        var rotated = (await warder.Post($"/management_keys/{key.Id}/rotate", new { overlap_seconds = 0 })).Is(200).Value;
        (await warder.Get("/events", key.Value)).Is(401);
        (await warder.Get("/events", rotated)).Is(200);

        (await warder.Post($"/management_keys/{key.Id}/revoke")).Is(200);
        (await warder.Get("/events", rotated)).Is(401);
        (await warder.Post($"/management_keys/{key.Id}/revoke")).Is(200);
        (await warder.Delete("/management_keys/" + key.Id)).Is(204);
        (await warder.Delete("/management_keys/" + key.Id)).Is(404);
        (await warder.Get("/management_keys/" + key.Id)).Is(404);
    }

    [Fact]
    public async Task A_management_key_cannot_outlive_itself()
    {
        await using var warder = await RunningWarder.StartAsync();
        var ends = DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        var key = (await warder.Post(
            "/management_keys", new { name = "for an hour", rights = new[] { "management:write" }, expires_at = ends })).Is(201);

        (await warder.Patch("/management_keys/" + key.Id, new { expires_at = (string?)null }, key.Value)).Is(422);
    }

    [Fact]
    public async Task A_key_that_ends_adds_no_rights_to_one_that_lasts()
    {
        await using var warder = await RunningWarder.StartAsync();
        var ends = DateTimeOffset.UtcNow.AddHours(1);
        var ending = (await warder.Post("/management_keys", new { name = "for an hour", rights = All, expires_at = ends })).Is(201).Value;
        var lasting = "/management_keys/"
            + (await warder.Post("/management_keys", new { name = "lasting", rights = new[] { "keys:read" } })).Is(201).Id;

        Assert.Equal(
            ["rights: exceeds_grantor"],
            (await warder.Patch(lasting, new { rights = new[] { "keys:read", "keys:write" } }, ending)).Is(422).Faults);
        (await warder.Patch(lasting, new { rights = Array.Empty<string>() }, ending)).Is(200);
        // Giving a key its former expiry is a grant too; one within the hour is allowed.
        (await warder.Patch(lasting, new { rights = new[] { "keys:read" } }, ending)).Is(422);
        (await warder.Patch(lasting, new { rights = new[] { "keys:read" }, expires_at = ends.AddSeconds(-1) }, ending)).Is(200);
    }
}
