using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Keys;

/// <summary>The previous attributes of a key's events. WorkOS' models require <c>expires_at</c> there.</summary>
public sealed class PreviousAttributesTests
{
    [Fact]
    public async Task Each_change_of_a_key_records_the_end_that_it_had()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var key = (await warder.Post(
            $"/organizations/{organization}/api_keys", new { name = "k", expires_at = "2099-01-01T00:00:00.000Z" })).Is(201).Id;
        (await warder.Send("PATCH", $"/api_keys/{key}", new { name = "renamed" })).Is(200);
        (await warder.Send("PATCH", $"/api_keys/{key}", new { expires_at = (string?)null })).Is(200);
        (await warder.Post($"/api_keys/{key}/rotate", new { })).Is(200);
        (await warder.Post($"/api_keys/{key}/suspend", new { })).Is(200);
        (await warder.Post($"/api_keys/{key}/resume", new { })).Is(200);
        (await warder.Post($"/api_keys/{key}/expire", new { expires_at = "2098-01-01T00:00:00.000Z" })).Is(200);

        var previous = (await warder.Events())
            .Where(e => e.GetProperty("data").TryGetProperty("previous_attributes", out _)
                && e.GetProperty("event").GetString()!.StartsWith("api_key.", StringComparison.Ordinal))
            .Select(e => (
                e.GetProperty("event").GetString(),
                e.GetProperty("data").GetProperty("previous_attributes").GetProperty("expires_at").GetString()));
        Assert.Equal(
            [
                ("api_key.updated", "2099-01-01T00:00:00.000Z"),
                ("api_key.updated", "2099-01-01T00:00:00.000Z"),
                ("api_key.rotated", null),
                ("api_key.suspended", null),
                ("api_key.resumed", null),
                ("api_key.updated", null),
            ],
            previous);
    }
}
