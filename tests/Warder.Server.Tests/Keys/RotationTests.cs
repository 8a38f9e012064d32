using System.Text.Json;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Keys;

public sealed class RotationTests
{
    [Fact]
    public async Task Old_and_new_work_during_the_overlap_and_the_id_stays()
    {
        await using var warder = await RunningWarder.StartAsync();
        var made = await Issue(warder);
        Assert.Equal("allowed", await warder.Decide(made.Value));
        var before = DateTimeOffset.UtcNow;
        var rotated = (await warder.Post($"/api_keys/{made.Id}/rotate")).Is(200);

        Assert.Equal(made.Id, rotated.Id);
        Assert.NotEqual(made.Value, rotated.Value);
        Assert.Equal("allowed", await warder.Decide(made.Value));
        Assert.Equal("allowed", await warder.Decide(rotated.Value));
        var ends = Ends(rotated);
        Assert.InRange(ends[0]!.Value, before.AddSeconds(86_399), DateTimeOffset.UtcNow.AddSeconds(86_401));
        Assert.Null(ends[1]);
        Assert.Equal(rotated["obfuscated_value"], Secrets(rotated)[1].GetProperty("obfuscated_value").GetString());
        Assert.EndsWith(rotated.Value[^4..], rotated["obfuscated_value"]);
    }

    [Fact]
    public async Task An_overlap_of_zero_ends_the_old_secrets_outright()
    {
        await using var warder = await RunningWarder.StartAsync();
        var made = await Issue(warder);
        var second = (await warder.Post($"/api_keys/{made.Id}/rotate")).Is(200);
        Assert.Equal("allowed", await warder.Decide(made.Value));
        var third = (await warder.Post($"/api_keys/{made.Id}/rotate", new { overlap_seconds = 0 })).Is(200);

        Assert.Equal("expired", await warder.Decide(made.Value));
        Assert.Equal("expired", await warder.Decide(second.Value));
        Assert.Equal("allowed", await warder.Decide(third.Value));
        Assert.Single(Secrets(third));
        await warder.RestartAsync();
        Assert.Equal("expired", await warder.Decide(second.Value));
        Assert.Equal("allowed", await warder.Decide(third.Value));
    }

    [Fact]
    public async Task One_secret_ends_alone_and_the_last_one_that_works_does_not()
    {
        await using var warder = await RunningWarder.StartAsync();
        var made = await Issue(warder);
        var second = (await warder.Post($"/api_keys/{made.Id}/rotate")).Is(200);
        string[] ids = [.. Secrets(second).Select(static secret => secret.GetProperty("id").GetString()!)];
        Assert.Equal("allowed", await warder.Decide(made.Value));
        Assert.Equal("allowed", await warder.Decide(second.Value));

        var ended = (await warder.Delete($"/api_keys/{made.Id}/secrets/{ids[0]}")).Is(204);
        Assert.Single(ended.Headers.GetValues("Warder-Receipt"));
        Assert.Equal("expired", await warder.Decide(made.Value));
        Assert.Equal("allowed", await warder.Decide(second.Value));
        Assert.Equal("api_key.secret_ended", (await warder.LastChange()).GetProperty("event").GetString());
        (await warder.Delete($"/api_keys/{made.Id}/secrets/{ids[0]}")).Is(404);
        (await warder.Delete($"/api_keys/{made.Id}/secrets/secret_01KZZZZZZZZZZZZZZZZZZZZZZZ")).Is(404);
        Assert.Equal("last_live_secret", (await warder.Delete($"/api_keys/{made.Id}/secrets/{ids[1]}")).Is(409).Code);

        await warder.RestartAsync();
        Assert.Equal("expired", await warder.Decide(made.Value));
        Assert.Equal("allowed", await warder.Decide(second.Value));
        // The newer secret can end while the older one works.
        var third = (await warder.Post($"/api_keys/{made.Id}/rotate")).Is(200);
        var newest = Secrets(third)[^1].GetProperty("id").GetString();
        (await warder.Delete($"/api_keys/{made.Id}/secrets/{newest}")).Is(204);
        Assert.Equal("expired", await warder.Decide(third.Value));
        Assert.Equal("allowed", await warder.Decide(second.Value));
        (await warder.Post($"/api_keys/{made.Id}/revoke")).Is(200);
        Assert.Equal("api_key_ended", (await warder.Delete($"/api_keys/{made.Id}/secrets/{ids[1]}")).Is(409).Code);
    }

    [Fact]
    public async Task A_secrets_end_only_ever_comes_nearer_and_never_lies_after_the_keys()
    {
        await using var warder = await RunningWarder.StartAsync();
        var made = await Issue(warder);
        var first = Ends((await warder.Post($"/api_keys/{made.Id}/rotate", new { overlap_seconds = 3600 })).Is(200))[0]!.Value;
        var longer = Ends((await warder.Post($"/api_keys/{made.Id}/rotate", new { overlap_seconds = 7200 })).Is(200));
        Assert.Equal(first, longer[0]);
        Assert.True(longer[1] > first.AddMinutes(50));
        var expiry = DateTimeOffset.UtcNow.AddMinutes(10).ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
        var last = (await warder.Post($"/api_keys/{made.Id}/rotate", new { overlap_seconds = 7200, expires_at = expiry })).Is(200);

        Assert.Equal(expiry, last["expires_at"]);
        Assert.All(Ends(last).SkipLast(1), end => Assert.Equal(DateTimeOffset.Parse(expiry), end));
    }

    [Fact]
    public async Task At_most_four_secrets_work_at_a_time()
    {
        await using var warder = await RunningWarder.StartAsync();
        var made = await Issue(warder);
        var values = new List<string> { made.Value };
        for (var i = 0; i < 3; i++)
            values.Add((await warder.Post($"/api_keys/{made.Id}/rotate")).Is(200).Value);
        var head = warder.Head;
        Assert.Equal("too_many_live_secrets", (await warder.Post($"/api_keys/{made.Id}/rotate")).Is(409).Code);

        Assert.Equal(head, warder.Head);
        foreach (var value in values)
            Assert.Equal("allowed", await warder.Decide(value));
        var fresh = (await warder.Post($"/api_keys/{made.Id}/rotate", new { overlap_seconds = 0 })).Is(200).Value;
        Assert.Equal("allowed", await warder.Decide(fresh));
        foreach (var value in values)
            Assert.Equal("expired", await warder.Decide(value));
    }

    [Theory]
    [InlineData("expire")]
    [InlineData("revoke")]
    public async Task An_ended_key_is_not_rotated(string end)
    {
        await using var warder = await RunningWarder.StartAsync();
        var made = await Issue(warder);
        (await warder.Post($"/api_keys/{made.Id}/{end}")).Is(200);
        Assert.Equal("api_key_ended", (await warder.Post($"/api_keys/{made.Id}/rotate")).Is(409).Code);
        Assert.Equal("api_key_ended", (await warder.Patch("/api_keys/" + made.Id, new { name = "n" })).Is(409).Code);
        Assert.Equal("api_key_ended", (await warder.Post($"/api_keys/{made.Id}/suspend")).Is(409).Code);
        Assert.Equal("api_key_ended", (await warder.Post($"/api_keys/{made.Id}/resume")).Is(409).Code);
    }

    [Theory]
    [InlineData("{\"overlap_seconds\":-1}")]
    [InlineData("{\"overlap_seconds\":2592001}")]
    [InlineData("{\"overlap_seconds\":1.5}")]
    [InlineData("{\"overlap_seconds\":\"1\"}")]
    [InlineData("{\"expires_at\":\"2020-01-01T00:00:00Z\"}")]
    [InlineData("{\"overlap\":1}")]
    public async Task What_cannot_be_is_refused_and_ends_nothing(string body)
    {
        await using var warder = await RunningWarder.StartAsync();
        var made = await Issue(warder);
        (await warder.Post($"/api_keys/{made.Id}/rotate", body)).Is(422);
        Assert.Equal("allowed", await warder.Decide(made.Value));
        Assert.Single(Secrets((await warder.Get("/api_keys/" + made.Id)).Is(200)));
    }

    [Fact]
    public async Task A_suspended_key_can_be_rotated_and_stays_suspended()
    {
        await using var warder = await RunningWarder.StartAsync();
        var made = await Issue(warder);
        (await warder.Post($"/api_keys/{made.Id}/suspend")).Is(200);
        var fresh = (await warder.Post($"/api_keys/{made.Id}/rotate", new { overlap_seconds = 0 })).Is(200).Value;
        Assert.Equal("suspended", await warder.Decide(fresh));
        (await warder.Post($"/api_keys/{made.Id}/resume")).Is(200);
        Assert.Equal("allowed", await warder.Decide(fresh));
    }

    private static async Task<Reply> Issue(RunningWarder warder)
    {
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        return (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" })).Is(201);
    }

    private static List<JsonElement> Secrets(Reply reply) => [.. reply.Json.GetProperty("secrets").EnumerateArray()];

    private static List<DateTimeOffset?> Ends(Reply reply)
        => Secrets(reply).ConvertAll(
            secret => secret.GetProperty("ends_at").GetString() is { } text ? DateTimeOffset.Parse(text) : (DateTimeOffset?)null);
}
