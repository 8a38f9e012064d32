using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Faults;

/// <summary>
/// A store that fails while the server runs: changes are refused and leave nothing, validations go on, and the server recovers afterwards.
/// </summary>
public sealed class StoreFaultTests
{
    [Trait("database", "sqlite")]
    [Fact]
    public async Task While_another_connection_holds_the_database_changes_are_refused_and_the_rest_goes_on()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        Assert.Equal("allowed", await warder.Decide(own.KeyValue));
        var head = warder.Head;
        using (var connection = Connect(warder.Folder))
        {
            Execute(connection, "BEGIN EXCLUSIVE");
            var since = Stopwatch.StartNew();
            var changes = Enumerable.Range(0, 8).Select(i => warder.Post("/organizations", new { name = $"o{i}" })).ToList();
            var slowest = TimeSpan.Zero;
            while (!Task.WhenAll(changes).IsCompleted)
            {
                var before = since.Elapsed;
                Assert.Equal("allowed", await warder.Decide(own.KeyValue));
                (await warder.Get("/api_keys/" + own.Key)).Is(200);
                (await warder.Get("/health/ready")).Is(200);
                slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, (since.Elapsed - before).Ticks));
                Assert.True(since.Elapsed < TimeSpan.FromSeconds(25), "The changes are not answered.");
            }

            foreach (var change in changes)
                Unavailable(await change);
            Assert.True(slowest < TimeSpan.FromSeconds(2), $"A validation waited {slowest}.");
            Execute(connection, "ROLLBACK");
        }

        Assert.Equal(head, warder.Head);
        (await warder.Post("/organizations", new { name = "after" })).Is(201);
        Assert.Single((await warder.Get("/organizations?search=after")).Is(200).Data);
        Assert.Equal(2, (await warder.Get("/organizations")).Data.Count);
        Assert.Null(warder.VerifyLog().Problem);
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task Only_a_refused_change_says_that_nothing_was_changed()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        using (var connection = Connect(warder.Folder))
            Execute(connection, "ALTER TABLE organizations RENAME TO gone");
        var never = own.KeyValue[..^36] + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
        Reply[] reads = [await warder.Get("/organizations"), await warder.Post("/api_keys/validations", new { value = never })];
        Assert.All(reads, static read => Assert.DoesNotContain("changed", read.Text, StringComparison.Ordinal));
        Assert.Equal(503, reads[0].Status);
        Assert.Contains(
            "nothing was changed", (await warder.Post("/organizations", new { name = "o" })).Is(503).Text, StringComparison.Ordinal);
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task When_the_database_cannot_grow_changes_are_refused_whole_and_once_it_can_they_are_made()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        for (var round = 0; round < 3; round++)
        {
            var head = warder.Head;
            var organizations = Count(warder, "organizations");
            // A page limit of SQLite on the writing connection: SQLite returns the same error as for a full disk.
            await warder.Node.Journal.Submit<long>(
                context => context.Session.Number($"PRAGMA max_page_count = {context.Session.Number("PRAGMA page_count")}"));
            var metadata = Enumerable.Range(0, 40).ToDictionary(i => $"m{i}", _ => new string('x', 600));
            var replies = await Task.WhenAll(
                Enumerable.Range(0, 24).Select(i => warder.Post("/organizations", new { name = $"big{i}", metadata })));
            var made = replies.Count(reply => reply.Status == 201);
            foreach (var reply in replies.Where(reply => reply.Status != 201))
                Unavailable(reply);
            Assert.True(made < 24);
            Assert.Equal(organizations + made, Count(warder, "organizations"));
            Assert.Equal(head + made, warder.Head);
            Assert.Equal("allowed", await warder.Decide(own.KeyValue));
            (await warder.Post("/organizations", new { name = "fits", metadata })).Is(201);
            Assert.Null(warder.VerifyLog().Problem);
        }
    }

    [Fact]
    public async Task A_server_that_is_killed_loses_nothing_that_it_answered()
    {
        using var folder = new DataFolder();
        var answered = new List<(string Id, string Value)>();
        var ended = new HashSet<string>();
        for (var round = 0; round < 3; round++)
        {
            await using var process = await WarderProcess.StartAsync(folder);
            Assert.True(process.Listens, process.Errors);
            var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
            var organization = (await process.Send("POST", "/organizations", new { name = "o" }, key)).Is(201).Id;
            var done = 0;
            var working = Enumerable.Range(0, 8).Select(async worker =>
            {
                try
                {
                    while (true)
                    {
                        var made = (await process.Send("POST", $"/organizations/{organization}/api_keys", new { name = "k" }, key)).Is(201);
                        lock (answered)
                            answered.Add((made.Id, made.Value));
                        if (Interlocked.Increment(ref done) % 2 == 0)
                        {
                            (await process.Send("POST", $"/api_keys/{made.Id}/revoke", new { }, key)).Is(200);
                            lock (answered)
                                ended.Add(made.Id);
                        }
                    }
                }
                catch (HttpRequestException)
                {
                    // The kill ended this call.
                }
            }).ToList();
            while (Volatile.Read(ref done) < 150)
                await Task.Yield();
            await process.KillAsync();
            await Task.WhenAll(working);
        }

        await using var warder = await RunningWarder.StartAsync(folder);
        Assert.Null(warder.VerifyLog().Problem);
        Assert.True(answered.Count > 400);
        foreach (var (id, value) in answered)
        {
            var code = await warder.Decide(value);
            // A revocation in flight may be durable.
            Assert.True(ended.Contains(id) ? code == "revoked" : code is "allowed" or "revoked", $"{id}: {code}");
        }

        Assert.True(answered.Count(key => !ended.Contains(key.Id)) > 100);
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task When_its_files_may_not_grow_a_server_says_what_is_known_and_goes_on_when_they_may()
    {
        using var folder = new DataFolder();
        await (await RunningWarder.StartAsync(folder)).DisposeAsync();
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        var made = new List<string>();
        var metadata = Enumerable.Range(0, 40).ToDictionary(i => $"m{i}", _ => new string('x', 600));
        // Blocks of 512 bytes: 1.5 MB for each file. The shell ignores the limit's signal, so that writes fail as on a full disk. By
        // default the runtime maps its own code from a memory file, which the limit would also cover.
        await using (var process = await WarderProcess.StartAsync(
            folder, "trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; ulimit -f 3000;"))
        {
            Assert.True(process.Listens, process.Errors);
            var failures = 0;
            for (var i = 0; i < 400 && failures < 5; i++)
            {
                var reply = await process.Send("POST", "/organizations", new { name = $"o{i}", metadata }, key);
                if (reply.Status == 201)
                {
                    made.Add(reply.Id);
                    continue;
                }

                failures++;
                Assert.Equal(503, reply.Status);
                Assert.Contains(reply.Code, (string[])["unavailable", "outcome_unknown"]);
                (await process.Send("GET", "/organizations", null, key)).Is(200);
            }

            Assert.Equal(5, failures);
            Assert.False(process.HasExited);
            Assert.DoesNotContain("Unhandled", process.Errors, StringComparison.Ordinal);
        }

        await using var warder = await RunningWarder.StartAsync(folder);
        Assert.NotEmpty(made);
        foreach (var id in made)
            (await warder.Get("/organizations/" + id)).Is(200);
        Assert.Null(warder.VerifyLog().Problem);
        (await warder.Post("/organizations", new { name = "after", metadata })).Is(201);
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task A_page_damaged_under_a_running_server_ends_neither_the_server_nor_what_it_knows()
    {
        using var folder = new DataFolder();
        await using var process = await WarderProcess.StartAsync(folder);
        Assert.True(process.Listens, process.Errors);
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        var organization = (await process.Send("POST", "/organizations", new { name = "o" }, key)).Is(201).Id;
        var value = (await process.Send("POST", $"/organizations/{organization}/api_keys", new { name = "k" }, key)).Is(201).Value;
        (await process.Send("POST", "/api_keys/validations", new { value }, key)).Is(200);
        foreach (var file in (string[])[folder.Database, folder.Database + "-wal"])
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            stream.Position = 4096;
            await stream.WriteAsync(Core.Secrets.Entropy.System.Bytes((int)Math.Max(0, stream.Length - 4096)));
        }

        var seen = new List<int>();
        for (var i = 0; i < 10; i++)
        {
            seen.Add((await process.Send("POST", "/organizations", new { name = "o" }, key)).Status);
            seen.Add((await process.Send("GET", "/api_keys", null, key)).Status);
            seen.Add((await process.Send("POST", "/api_keys/validations", new { value }, key)).Status);
        }

        Assert.False(process.HasExited);
        Assert.DoesNotContain("Unhandled", process.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(500, seen);
    }

    private static void Unavailable(Reply reply)
    {
        Assert.Equal("unavailable", reply.Is(503).Code);
        Assert.NotNull(reply.Headers.RetryAfter);
    }

    private static long Count(RunningWarder warder, string table)
        => warder.Node.Store.Read(session => session.Number($"SELECT COUNT(*) FROM {table}"));

    private static SqliteConnection Connect(DataFolder folder)
    {
        var connection = new SqliteConnection($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
