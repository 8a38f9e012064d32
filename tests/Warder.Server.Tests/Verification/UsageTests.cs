using System.Diagnostics;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Verification;

/// <summary>The last use of a key: usage, not state.</summary>
public sealed class UsageTests
{
    [Fact]
    public async Task The_last_use_is_shown_within_five_seconds_without_an_event_or_a_change()
    {
        await using var warder = await RunningWarder.StartAsync();
        var inhabitants = await Fixture.MakeAsync(warder, warder.Key, "a");
        var before = await warder.Get("/api_keys/" + inhabitants.Key);
        var head = warder.Head;
        var from = DateTimeOffset.UtcNow;
        Assert.Equal("allowed", await warder.Decide(inhabitants.KeyValue));

        var since = Stopwatch.StartNew();
        var after = before;
        while (after["last_used_at"] is null && since.Elapsed < TimeSpan.FromSeconds(8))
            after = await warder.Get("/api_keys/" + inhabitants.Key);

        Assert.True(since.Elapsed < TimeSpan.FromSeconds(5.5), $"{since.Elapsed}");
        Assert.InRange(DateTimeOffset.Parse(after["last_used_at"]!), from.AddMilliseconds(-1), DateTimeOffset.UtcNow);
        Assert.Equal(after["last_used_at"], after.Json.GetProperty("secrets")[0].GetProperty("last_used_at").GetString());
        Assert.Equal(before["updated_at"], after["updated_at"]);
        Assert.Equal(head, warder.Head);
    }

    [Fact]
    public async Task The_last_use_is_written_at_shutdown_and_only_for_what_was_allowed()
    {
        await using var warder = await RunningWarder.StartAsync();
        var inhabitants = await Fixture.MakeAsync(warder, warder.Key, "a");
        var path = $"/organizations/{inhabitants.Organization}/api_keys";
        var denied = (await warder.Post(path, new { name = "denied" })).Is(201);
        var rotated = (await warder.Post($"/api_keys/{inhabitants.Key}/rotate")).Is(200);
        Assert.Equal("allowed", await warder.Decide(inhabitants.KeyValue));
        Assert.Equal("insufficient_permissions", await warder.Decide(denied.Value, "p:a"));
        await warder.RestartAsync();

        var shown = (await warder.Get("/api_keys/" + inhabitants.Key)).Is(200);
        Assert.NotNull(shown["last_used_at"]);
        var secrets = shown.Json.GetProperty("secrets");
        Assert.Equal(2, secrets.GetArrayLength());
        Assert.Equal(shown["last_used_at"], secrets[0].GetProperty("last_used_at").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, secrets[1].GetProperty("last_used_at").ValueKind);
        Assert.Equal(rotated["updated_at"], shown["updated_at"]);
        Assert.Null((await warder.Get("/api_keys/" + denied.Id))["last_used_at"]);
    }

    [Fact]
    public async Task A_batch_that_is_refused_is_no_use()
    {
        await using var warder = await RunningWarder.StartAsync();
        var inhabitants = await Fixture.MakeAsync(warder, warder.Key, "a");
        var body = $"{{\"validations\":[{{\"value\":\"{inhabitants.KeyValue}\"}},{{\"value\":\"x\",\"valu\":7}}]}}";
        (await warder.Post("/api_keys/validations/batch", body)).Is(422);
        await warder.RestartAsync();

        Assert.Null((await warder.Get("/api_keys/" + inhabitants.Key))["last_used_at"]);
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task A_use_that_could_not_be_written_is_written_when_the_store_can_be_again()
    {
        await using var warder = await RunningWarder.StartAsync();
        var inhabitants = await Fixture.MakeAsync(warder, warder.Key, "a");
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={warder.Folder.Database};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "BEGIN EXCLUSIVE";
            command.ExecuteNonQuery();
            Assert.Equal("allowed", await warder.Decide(inhabitants.KeyValue));
            await Assert.ThrowsAnyAsync<Exception>(() => warder.Node.Usage.FlushAsync());
            command.CommandText = "ROLLBACK";
            command.ExecuteNonQuery();
        }

        await warder.RestartAsync();
        Assert.NotNull((await warder.Get("/api_keys/" + inhabitants.Key))["last_used_at"]);
    }
}
