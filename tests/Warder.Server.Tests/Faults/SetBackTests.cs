using System.Text.Json;
using Warder.Core.Events;
using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Server.Tests.Hosting;
using Warder.Storage;

namespace Warder.Server.Tests.Faults;

/// <summary>No key that ended is valid again because the clock or the database was set back.</summary>
public sealed class SetBackTests
{
    private const long Hour = 3_600_000;
    private const long Year = 365 * 24 * Hour;
    private const UnixFileMode OwnersDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public async Task An_expired_key_stays_expired_when_the_clock_is_set_back_between_runs()
    {
        using var folder = new DataFolder();
        string value;
        await using (var warder = await StartAsync(folder))
        {
            value = (await Issue(warder, DateTimeOffset.UtcNow.AddHours(1))).Value;
            Assert.Equal("allowed", await warder.Decide(value));
        }

        await using (var warder = await StartAsync(folder, 2 * Hour))
            Assert.Equal("expired", await warder.Decide(value));

        foreach (var ahead in new[] { 0, -Year })
        {
            var refused = await Assert.ThrowsAsync<StorageException>(() => StartAsync(folder, ahead));
            Assert.Contains("--accept-clock", refused.Message, StringComparison.Ordinal);
            await using var warder = await StartAsync(folder, ahead, static options => options with { AcceptClock = true });
            Assert.Equal("expired", await warder.Decide(value));
            var accepted = await Accepted(warder, EventTypes.ClockAccepted);
            Assert.True(accepted.GetProperty("clock").GetDateTimeOffset() < accepted.GetProperty("floor").GetDateTimeOffset());
            Assert.Null(warder.VerifyLog().Problem);
        }

        // A clock that is a little behind starts, and goes on from the floor.
        await using (var warder = await StartAsync(folder, (2 * Hour) - 120_000))
            Assert.Equal("expired", await warder.Decide(value));
    }

    [Fact]
    public async Task An_expired_key_stays_expired_when_the_clock_is_set_back_in_a_run_and_health_shows_it()
    {
        var ahead = 0L;
        using var folder = new DataFolder();
        var clock = new Clock(() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + Volatile.Read(ref ahead));
        await using var warder = await RunningWarder.StartAsync(folder, interference: new FaultHooks { Clock = clock });
        var value = (await Issue(warder, DateTimeOffset.UtcNow.AddHours(1))).Value;
        Volatile.Write(ref ahead, 2 * Hour);
        Assert.Equal("expired", await warder.Decide(value));
        Volatile.Write(ref ahead, -Year);
        Assert.Equal("expired", await warder.Decide(value));
        Assert.Contains("correct the machine's clock", await Problem(warder), StringComparison.Ordinal);
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task A_database_that_was_set_back_is_refused_until_it_is_accepted_and_that_is_recorded()
    {
        using var folder = DataFolder.Embedded();
        Reply key;
        await using (var warder = await StartAsync(folder))
            key = await Issue(warder, null);

        var backup = await File.ReadAllBytesAsync(folder.Database);
        await using (var warder = await StartAsync(folder))
            (await warder.Post($"/api_keys/{key.Id}/revoke")).Is(200);

        await DataFolder.Write(folder.Database, backup);
        foreach (var file in System.IO.Directory.GetFiles(folder.Path, "warder.db-*"))
            File.Delete(file);
        var refused = await Assert.ThrowsAsync<StorageException>(() => StartAsync(folder));
        Assert.Contains("--accept-older-log", refused.Message, StringComparison.Ordinal);
        Assert.Throws<StorageException>(() => OfflineData.CreateManagementKey(folder.Path, null, "k"));

        await using (var warder = await StartAsync(folder, options: static options => options with { AcceptOlderLog = true }))
        {
            var accepted = await Accepted(warder, EventTypes.OlderLogAccepted);
            Assert.True(accepted.GetProperty("sequence").GetInt64() < accepted.GetProperty("watermark_sequence").GetInt64());
            Assert.Null(warder.VerifyLog().Problem);
        }

        await using (await StartAsync(folder))
        {
            // It was accepted once.
        }
    }

    [Fact]
    public async Task A_watermark_beyond_the_log_or_of_another_database_or_torn_is_refused_and_names_the_remedy()
    {
        using var folder = new DataFolder();
        var path = Path.Combine(folder.Path, "watermark");
        await using (await StartAsync(folder))
        {
            // Creates the database and its watermark.
        }

        var mark = Watermark.Parse(await File.ReadAllTextAsync(path))!;
        foreach (var (text, message) in new[]
        {
            ((mark with { Sequence = mark.Sequence + 1 }).ToString(), "--accept-older-log"),
            ((mark with { Hash = mark.Instance + "0" }).ToString(), "--accept-older-log"),
            ((mark with { Instance = "00" }).ToString(), "in another database"),
            (mark.ToString()[..20], "is no watermark"),
            ("", "is no watermark"),
        })
        {
            await File.WriteAllTextAsync(path, text);
            var refused = await Assert.ThrowsAsync<StorageException>(() => StartAsync(folder));
            Assert.Contains(message, refused.Message, StringComparison.Ordinal);
            Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(path, mark.ToString());
        await using (await StartAsync(folder))
        {
            // It is this database's again.
        }
    }

    [Theory]
    [InlineData("lazy", 200)]
    [InlineData("sync", 503)]
    public async Task A_watermark_that_cannot_be_written_is_an_alert_and_fails_endings_in_sync_mode(string mode, int status)
    {
        using var folder = new DataFolder();
        var state = Path.Combine(folder.Path, "state");
        System.IO.Directory.CreateDirectory(state, OwnersDirectory);
        await using var warder = await StartAsync(
            folder, options: options => options with { WatermarkPath = Path.Combine(state, "mark"), Watermark = mode });
        var key = await Issue(warder, null);
        System.IO.Directory.Delete(state, recursive: true);
        Assert.Equal(status, (await warder.Post($"/api_keys/{key.Id}/revoke")).Status);
        Assert.Equal("revoked", await warder.Decide(key.Value));
        Assert.NotEmpty(await Problem(warder));

        System.IO.Directory.CreateDirectory(state, OwnersDirectory);
        (await warder.Post($"/api_keys/{key.Id}/revoke")).Is(200);
        if (mode == "lazy")
            return;
        var other = await Issue(warder, null);
        var before = warder.Head;
        (await warder.Post($"/api_keys/{other.Id}/revoke")).Is(200);
        Assert.True(Watermark.Parse(await File.ReadAllTextAsync(Path.Combine(state, "mark")))!.Sequence > before);
    }

    private static Task<RunningWarder> StartAsync(
        DataFolder folder, long ahead = 0, Func<ServeOptions, ServeOptions>? options = null)
        => RunningWarder.StartAsync(
            folder,
            interference: new FaultHooks { Clock = new Clock(() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + ahead) },
            options: options);

    private static async Task<Reply> Issue(RunningWarder warder, DateTimeOffset? expiresAt)
    {
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        return (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k", expires_at = expiresAt })).Is(201);
    }

    private static async Task<JsonElement> Accepted(RunningWarder warder, string type)
        => (await warder.Events()).Last(each => each.GetProperty("event").GetString() == type).GetProperty("data");

    private static async Task<string> Problem(RunningWarder warder)
    {
        for (var i = 0; i < 100; i++)
        {
            var works = (await warder.Get("/health")).Is(200).Json.GetProperty("background_work");
            var work = works.EnumerateArray().Single(each => each.GetProperty("name").GetString() == "watermark");
            if (work.GetProperty("problem").GetString() is { } problem)
                return problem;
            await Task.Delay(100);
        }

        return "";
    }
}
