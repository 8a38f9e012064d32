using System.Text.Json;

namespace Warder.Server.Tests.Review;

public sealed class UsageTests
{
    [Fact]
    public async Task The_use_of_a_management_key_is_recorded_though_what_it_was_used_for_changed_management_keys()
    {
        await using var server = await Server.StartAsync();
        var key = await server.Ok("POST", "/management_keys", new { name = "used once", rights = new[] { "management:write", "keys:read" } });
        await server.Ok("POST", "/management_keys", new { name = "other", rights = new[] { "keys:read" } }, key.GetProperty("value").GetString());
        await server.Node.Usage.FlushAsync();
        var shown = await server.Ok("GET", "/management_keys/" + key.GetProperty("id").GetString());
        Assert.NotEqual(JsonValueKind.Null, shown.GetProperty("last_used_at").ValueKind);
    }

    [Fact]
    public async Task A_management_key_cannot_outlive_itself()
    {
        await using var server = await Server.StartAsync();
        var ends = DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        var key = await server.Ok("POST", "/management_keys", new { name = "for an hour", rights = new[] { "management:write" }, expires_at = ends });
        var (status, _) = await server.Send(
            "PATCH", "/management_keys/" + key.GetProperty("id").GetString(), new { expires_at = (string?)null }, key.GetProperty("value").GetString());
        Assert.Equal(422, status);
    }
}
