using Warder.Core.Management;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Management;

/// <summary>A superseded secret keeps its rights until its overlap ends, but cannot take over the key.</summary>
public sealed class SupersededSecretTests
{
    private static readonly string[] All = [.. RightNames.Every.Select(row => row.Name)];

    [Fact]
    public async Task It_rotates_nothing_and_ends_at_most_its_own_key()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (id, old, fresh) = await Rotated(warder);
        var other = (await warder.Post("/management_keys", new { name = "other", rights = new[] { "keys:read" } })).Is(201);
        var head = warder.Head;

        foreach (var target in (string[])[id, other.Id])
            Assert.Equal(
                "secret_superseded",
                (await warder.Post($"/management_keys/{target}/rotate", new { overlap_seconds = 0 }, old)).Is(403).Code);
        var path = "/management_keys/" + other.Id;
        Assert.Equal("secret_superseded", (await warder.Patch(path, new { rights = Array.Empty<string>() }, old)).Is(403).Code);
        Assert.Equal("secret_superseded", (await warder.Patch(path, new { name = "mine" }, old)).Is(403).Code);
        Assert.Equal("secret_superseded", (await warder.Post(path + "/revoke", null, old)).Is(403).Code);
        Assert.Equal("secret_superseded", (await warder.Delete(path, old)).Is(403).Code);
        Assert.Equal(head, warder.Head);

        string[] secrets = [.. (await warder.Get("/management_keys/" + id)).Is(200).Json.GetProperty("secrets").EnumerateArray()
            .Select(static secret => secret.GetProperty("id").GetString()!)];
        foreach (var secret in secrets)
        {
            Assert.Equal(
                "secret_superseded", (await warder.Delete($"/management_keys/{id}/secrets/{secret}", old)).Is(403).Code);
        }

        Assert.Equal(head, warder.Head);

        // None of this restricts the newest secret.
        (await warder.Post(path + "/rotate", null, fresh)).Is(200);
        (await warder.Post($"/management_keys/{id}/revoke", null, old)).Is(200);
        (await warder.Get("/events", fresh)).Is(401);
    }

    [Fact]
    public async Task It_can_be_ended_alone_and_the_last_secret_cannot()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (id, old, fresh) = await Rotated(warder);
        string[] secrets = [.. (await warder.Get("/management_keys/" + id)).Is(200).Json.GetProperty("secrets").EnumerateArray()
            .Select(static secret => secret.GetProperty("id").GetString()!)];
        var path = $"/management_keys/{id}/secrets/";
        (await warder.Get("/events", old)).Is(200);
        (await warder.Delete(path + secrets[0], fresh)).Is(204);
        (await warder.Get("/events", old)).Is(401);
        (await warder.Get("/events", fresh)).Is(200);
        (await warder.Delete(path + secrets[0])).Is(404);
        Assert.Equal("last_live_secret", (await warder.Delete(path + secrets[1], fresh)).Is(409).Code);
    }

    [Fact]
    public async Task What_it_grants_ends_with_it()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (id, old, _) = await Rotated(warder);
        var own = (await warder.Get("/management_keys/" + id)).Is(200).Json.GetProperty("secrets").EnumerateArray().First();
        var end = own.GetProperty("ends_at").GetDateTimeOffset();
        var lasting = (await warder.Post("/management_keys", new { name = "lasting", rights = Array.Empty<string>() })).Is(201).Id;
        string[] rights = ["keys:read"];

        Assert.Equal(
            ["expires_at: exceeds_grantor"], (await warder.Post("/management_keys", new { name = "n", rights }, old)).Is(422).Faults);
        Assert.Equal(
            ["expires_at: exceeds_grantor"],
            (await warder.Post("/management_keys", new { name = "n", rights, expires_at = end.AddMilliseconds(1) }, old)).Is(422).Faults);
        Assert.Equal(
            ["expires_at: exceeds_grantor"],
            (await warder.Patch("/management_keys/" + id, new { expires_at = end.AddDays(1) }, old)).Is(422).Faults);
        (await warder.Patch("/management_keys/" + lasting, new { rights }, old)).Is(403);
        (await warder.Post("/management_keys", new { name = "n", rights, expires_at = end }, old)).Is(201);
        var made = (await warder.Post("/environments", new { name = "e", key_prefix = "other" }, old)).Is(201)
            .Json.GetProperty("management_key");
        Assert.Equal(end, made.GetProperty("expires_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task What_it_did_before_it_does_until_its_overlap_ends()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (id, old, _) = await Rotated(warder);

        var organization = (await warder.Post("/organizations", new { name = "Acme" }, old)).Is(201).Id;
        (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" }, old)).Is(201);
        (await warder.Patch("/management_keys/" + id, new { name = "renamed" }, old)).Is(200);
    }

    private static async Task<(string Id, string Old, string Fresh)> Rotated(RunningWarder warder)
    {
        var key = (await warder.Post("/management_keys", new { name = "rotated", rights = All })).Is(201);
        var fresh = (await warder.Post($"/management_keys/{key.Id}/rotate", new { overlap_seconds = 3_600 })).Is(200).Value;
        return (key.Id, key.Value, fresh);
    }
}
