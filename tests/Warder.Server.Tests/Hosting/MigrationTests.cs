using Warder.Core.Secrets;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Storage;
using Warder.Storage.Migrations;
using Warder.Storage.Tests.Databases;

namespace Warder.Server.Tests.Hosting;

public sealed class MigrationTests : IDisposable
{
    private readonly DataFolder folder = DataFolder.Embedded();
    private readonly SecretString target = new(new TestDatabase(Database.Postgres).Connection);

    [Fact]
    public async Task Everything_is_there_afterwards_and_the_log_goes_on()
    {
        var (own, before, key) = await Furnish();
        var report = Migrate();
        Assert.Equal(before.Head, report.Events);
        Assert.True(report.Rows > report.Events);

        await using var warder = await RunningWarder.StartAsync(folder, target);
        Assert.Equal(before, await Contents.ReadAsync(warder, key), Contents.Same);
        Assert.Equal("allowed", await warder.Decide(own.KeyValue));
        (await warder.Post($"/api_keys/{own.Key}/revoke", null, key)).Is(200);
        Assert.Equal("revoked", await warder.Decide(own.KeyValue));
        Assert.Null(warder.VerifyLog().Problem);
        // The revocation, and its receipt.
        Assert.Equal(before.Head + 2, warder.Head);
    }

    [Fact]
    public async Task It_can_break_off_anywhere_and_be_run_again_and_no_server_starts_in_between()
    {
        var (_, before, key) = await Furnish();
        for (var stop = 1; ; stop += 3)
        {
            using var cancellation = new CancellationTokenSource();
            var steps = 0;
            try
            {
                OfflineData.Migrate(
                    folder.Path, target, _ =>
                    {
                        if (++steps == stop)
                            cancellation.Cancel();
                    },
                    cancellation.Token);
                break;
            }
            catch (OperationCanceledException)
            {
                var refused = await Assert.ThrowsAsync<StorageException>(() => RunningWarder.StartAsync(folder, target));
                Assert.Contains("Run 'warder migrate-data' again", refused.Message, StringComparison.Ordinal);
            }
        }

        await using var warder = await RunningWarder.StartAsync(folder, target);
        Assert.Equal(before, await Contents.ReadAsync(warder, key), Contents.Same);
        Assert.Null(warder.VerifyLog().Problem);
    }

    [Fact]
    public async Task The_old_database_is_not_served_any_more_and_says_where_the_data_is()
    {
        await Furnish();
        Migrate();
        var refused = await Assert.ThrowsAsync<StorageException>(() => RunningWarder.StartAsync(folder));
        Assert.Contains("--database-file", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--database-file", Assert.Throws<StorageException>(Migrate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_holds_something_else_is_refused_and_left_as_it_is()
    {
        await Furnish();
        using (var elsewhere = DataFolder.Embedded())
        {
            await using var other = await RunningWarder.StartAsync(elsewhere, target);
            await Fixture.MakeAsync(other, other.Key, "other");
        }

        var refused = Assert.Throws<StorageException>(Migrate);
        Assert.Contains("not empty", refused.Message, StringComparison.Ordinal);
        await using var still = await RunningWarder.StartAsync(folder);
        Assert.Null(still.VerifyLog().Problem);
    }

    [Fact]
    public async Task Rows_that_differ_in_the_end_are_found()
    {
        await Furnish();
        var compared = false;
        var refused = Assert.Throws<StorageException>(() => OfflineData.Migrate(
            folder.Path, target, progress =>
            {
                if (compared || progress is not { Table: "users", IsCheck: false })
                    return;
                compared = true;
                using var store = Storage.Postgres.PostgresStore.Open(target.Reveal());
                using var session = store.OpenWriter();
                session.Execute("UPDATE api_keys SET state = 0, name = 'another'");
            },
            CancellationToken.None));
        Assert.Contains("api_keys is not the same", refused.Message, StringComparison.Ordinal);
        await using var still = await RunningWarder.StartAsync(folder);
        Assert.Null(still.VerifyLog().Problem);
    }

    public void Dispose() => folder.Dispose();

    private MigrationReport Migrate() => OfflineData.Migrate(folder.Path, target, static _ => { }, CancellationToken.None);

    private async Task<(Fixture Own, Contents Contents, string Key)> Furnish()
    {
        await using var warder = await RunningWarder.StartAsync(folder);
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        await warder.AddEnvironment("second");
        (await warder.Post($"/api_keys/{own.UserKey}/suspend")).Is(200);
        (await warder.Post($"/api_keys/{own.Key}/rotate", new { overlap_seconds = 3600 })).Is(200);
        await warder.Decide(own.KeyValue);
        return (own, await Contents.ReadAsync(warder, warder.Key), warder.Key);
    }

    /// <summary>What a server shows of everything.</summary>
    private sealed record Contents(List<string> Lists, List<string> Events, long Head)
    {
        public static IEqualityComparer<Contents> Same { get; } = EqualityComparer<Contents>.Create(
            static (a, b) => a!.Lists.SequenceEqual(b!.Lists) && a.Events.SequenceEqual(b.Events) && a.Head == b.Head, static contents => contents.Events.Count);

        public static async Task<Contents> ReadAsync(RunningWarder warder, string key)
        {
            string[] paths =
            [
                "/organizations", "/user_management/users", "/authorization/permissions", "/authorization/roles", "/api_keys", "/management_keys", "/environments",
                "/receipts",
            ];
            var head = warder.Head;
            var lists = new List<string>();
            foreach (var path in paths)
            {
                // When it was last used is written later, and by whoever reads this.
                var text = (await warder.Get(path + "?limit=100", key)).Is(200).Text;
                lists.Add(System.Text.RegularExpressions.Regex.Replace(text, "\"last_used_at\":(null|\"[^\"]*\")", ""));
            }

            return new Contents(lists, [.. (await warder.Events(key)).Select(static e => e.ToString())], head);
        }
    }
}
