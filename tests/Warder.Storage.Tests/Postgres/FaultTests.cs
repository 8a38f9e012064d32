using Npgsql;
using Warder.Core.Faults;
using Warder.Core.Time;
using Warder.Storage.Nodes;
using Warder.Storage.Postgres;
using Warder.Storage.Tests.Databases;
using Warder.Storage.Tests.Journal;

namespace Warder.Storage.Tests.Postgres;

/// <summary>
/// Under every fault of the server or of a connection, acknowledged changes are there, unknown outcomes are reported as unknown, and the
/// store recovers by itself.
/// </summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("fast", false)]
    [InlineData("fast", true)]
    [InlineData("immediate", true)]
    public async Task A_restart_under_load_loses_nothing_that_was_acknowledged(string mode, bool hasPeers)
    {
        using var server = new PostgresServer();
        using var database = new TestDatabase(Database.Postgres, server);
        using var disk = new JournalOnDisk(database);
        if (hasPeers)
            RegisterNodes(disk.Store);
        using var stop = new CancellationTokenSource();
        var (written, doubtful) = (new List<string>(), new List<string>());
        var writing = Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var name = $"{worker} {i}";
                try
                {
                    await disk.Note(name);
                    lock (written)
                        written.Add(name);
                }
                catch (StorageException e)
                {
                    if (e.Kind == StorageFaultKind.OutcomeUnknown)
                    {
                        lock (doubtful)
                            doubtful.Add(name);
                    }
                }
            }
        })).ToList();
        await More(written, 100);
        server.Stop(mode);
        server.Start();
        await More(written, 100);
        await stop.CancelAsync();
        await Task.WhenAll(writing);

        var there = disk.Notes;
        Assert.Empty(written.Except(there));
        Assert.Empty(there.Except(written).Except(doubtful));
        Assert.Null(disk.Problem);
    }

    [Fact]
    public async Task A_connection_that_is_lost_before_the_commit_costs_its_batch_nothing_but_time()
    {
        using var disk = new JournalOnDisk(Database.Postgres);
        var go = disk.Hold();
        var runs = 0;
        var before = disk.Note("before");
        var killer = disk.Journal.Submit<string>(context =>
        {
            if (runs++ == 0)
                context.Session.Number("SELECT pg_terminate_backend(pg_backend_pid())::int");
            return JournalOnDisk.Write(context, "killer");
        });
        var after = disk.Note("after");
        go();
        await Task.WhenAll(before, killer, after);

        Assert.Equal(2, runs);
        Assert.Equal(["before", "killer", "after"], disk.Notes);
        Assert.Equal(0, disk.Listener.Unknown);
        Assert.Null(disk.Problem);
    }

    [Fact]
    public async Task A_connection_that_is_lost_each_time_fails_its_batch_and_no_other()
    {
        using var disk = new JournalOnDisk(Database.Postgres);
        var killer = disk.Journal.Submit<long>(context => context.Session.Number("SELECT pg_terminate_backend(pg_backend_pid())::int"));
        Assert.Equal(StorageFaultKind.Unavailable, (await Assert.ThrowsAsync<StorageException>(() => killer)).Kind);
        await disk.Note("after");
        Assert.Equal(["after"], disk.Notes);
    }

    [Theory]
    [InlineData("pg_terminate_backend")]
    [InlineData("pg_cancel_backend")]
    public async Task A_commit_whose_answer_or_replication_is_lost_is_never_a_success(string how)
    {
        using var server = new PostgresServer();
        using var database = new TestDatabase(Database.Postgres, server);
        using var disk = new JournalOnDisk(database);
        // No such standby ever connects: a commit is written here, and waits.
        server.Execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        server.Execute("SELECT pg_reload_conf()");
        const string waits = "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND backend_type = 'client backend'";
        // The server needs some time to apply the setting.
        var names = new List<string>();
        Task<Result<string>> note;
        do
        {
            names.Add($"n{names.Count}");
            note = disk.Note(names[^1]);
            while (!note.IsCompleted && server.Number("SELECT COUNT(*) " + waits) == 0)
                await Task.Yield();
        }
        while (note.IsCompleted);
        server.Execute("ALTER SYSTEM RESET synchronous_standby_names");
        Assert.Equal(1, server.Number($"SELECT COUNT({how}(pid)) {waits}"));
        // Before the server learns that it need not wait any more.
        Assert.Equal(StorageFaultKind.OutcomeUnknown, (await Assert.ThrowsAsync<StorageException>(() => note)).Kind);
        server.Execute("SELECT pg_reload_conf()");
        Assert.Equal(1, disk.Listener.Unknown);
        Assert.DoesNotContain(names[^1], disk.Listener.Heard.Select(heard => heard.Type));
        Assert.Equal(names, disk.Notes);
        await disk.Note("after");
        Assert.Equal([.. names, "after"], disk.Notes);
        Assert.Null(disk.Problem);
    }

    [Fact]
    public async Task A_server_that_ends_just_after_a_commit_leaves_it_in_doubt_and_nothing_is_made_twice()
    {
        using var dying = new DyingServer(PostgresServer.Shared.CreateDatabase());
        using var store = PostgresStore.Open(dying.Connection);
        var listener = new JournalOnDisk.Listening();
        using var journal = new Storage.Journal.Journal(store, listener, Clock.System);
        await MakeNotes(journal);
        dying.DieAfterTheNextCommit();
        var note = journal.Submit<string>(context => JournalOnDisk.Write(context, "n"));

        Assert.Equal(StorageFaultKind.OutcomeUnknown, (await Assert.ThrowsAsync<StorageException>(() => note)).Kind);
        Assert.Equal(1, listener.Unknown);
        Assert.Equal(1, store.Read(session => session.Number("SELECT COUNT(*) FROM notes")));
    }

    [Theory]
    [InlineData(true)] // the server ends
    [InlineData(false)] // it cannot commit the notification
    public async Task Whatever_becomes_of_the_word_to_the_others_what_was_committed_is_made_and_once(bool ends)
    {
        using var dying = new DyingServer(PostgresServer.Shared.CreateDatabase());
        using var store = PostgresStore.Open(dying.Connection);
        var listener = new JournalOnDisk.Listening();
        using var journal = new Storage.Journal.Journal(store, listener, Clock.System);
        await MakeNotes(journal);
        RegisterNodes(store);
        var notified = new List<bool>();
        listener.OnCommitted = batch => notified.Add(batch.IsNotified);
        // The first commit makes it aware of other nodes.
        foreach (var name in (string[])["first", "second", "n", "after"])
        {
            if (name == "n" && ends)
                dying.DieAfterTheNextCommit();
            else if (name == "n")
                dying.RefuseTheNextNotification();
            await journal.Submit<string>(context => JournalOnDisk.Write(context, name));
        }

        Assert.Equal(
            ["first", "second", "n", "after"],
            store.Read(session => session.All("SELECT name FROM notes ORDER BY place", static row => row.GetString(0))));
        Assert.Equal(0, listener.Unknown);
        // IsNotified is false where the commit's own notification was lost.
        Assert.Equal([false, true, false, !ends], notified);
    }

    [Fact]
    public async Task While_the_server_is_away_changes_fail_at_once_and_when_it_is_back_they_are_made()
    {
        using var server = new PostgresServer();
        using var database = new TestDatabase(Database.Postgres, server);
        using var disk = new JournalOnDisk(database);
        await disk.Note("before");
        server.Stop("fast");
        foreach (var name in (string[])["a", "b", "c"])
            Assert.Equal(
                StorageFaultKind.Unavailable,
                (await Assert.ThrowsAsync<StorageException>(() => disk.Note(name)).WaitAsync(TimeSpan.FromSeconds(10))).Kind);
        Assert.Equal(StorageFaultKind.Unavailable, Assert.Throws<StorageException>(() => disk.Head).Kind);
        server.Start();
        while (true)
        {
            try
            {
                await disk.Note("after");
                break;
            }
            catch (StorageException e) when (e.Kind == StorageFaultKind.Unavailable)
            {
                // The server has not noticed the lost connection yet.
            }
        }

        Assert.Equal(["before", "after"], disk.Notes);
        Assert.Null(disk.Problem);
    }

    [Fact]
    public async Task A_node_that_is_frozen_in_a_batch_holds_nothing_for_long()
    {
        using var database = new TestDatabase(Database.Postgres);
        using var frozen = new JournalOnDisk(database);
        using var other = new JournalOnDisk(database);
        await other.Note("n");
        using var go = new ManualResetEventSlim();
        using var holds = new ManualResetEventSlim();
        var runs = 0;
        var stuck = frozen.Journal.Submit<int>(context =>
        {
            context.Session.Execute("UPDATE notes SET filler = 'frozen' WHERE name = 'n'");
            if (runs++ == 0)
            {
                holds.Set();
                go.Wait();
            }

            return context.Session.Execute("UPDATE notes SET filler = filler || '!' WHERE name = 'n'");
        });
        holds.Wait();
        await other.Journal.Submit<int>(context => context.Session.Execute("UPDATE notes SET filler = 'other' WHERE name = 'n'"))
            .WaitAsync(TimeSpan.FromSeconds(8));
        go.Set();
        // The server ended its transaction, and the node repeats it.
        Assert.Equal(1, (await stuck).Value);
        Assert.Equal("frozen!", other.Store.Read(session => session.First("SELECT filler FROM notes", row => row.GetString(0))));
    }

    [Fact]
    public async Task Two_nodes_that_write_at_the_same_time_make_one_log_without_a_gap()
    {
        using var database = new TestDatabase(Database.Postgres);
        using var one = new JournalOnDisk(database);
        using var two = new JournalOnDisk(database);
        var written = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => (i % 2 == 0 ? one : two).Note($"n{i}")));
        Assert.All(written, note => Assert.Null(note.Fault));
        Assert.Equal(400, one.Notes.Count);
        Assert.Equal(400, one.Head);
        Assert.Null(one.Problem);
        Assert.Equal(
            Enumerable.Range(1, 400).Select(i => (long)i),
            one.Listener.Heard.Concat(two.Listener.Heard).Select(heard => heard.Sequence).Order());
    }

    [Fact]
    public async Task What_another_node_makes_at_the_same_time_is_seen_when_the_command_runs_again()
    {
        using var database = new TestDatabase(Database.Postgres);
        using var one = new JournalOnDisk(database);
        using var two = new JournalOnDisk(database);
        for (var round = 0; round < 50; round++)
        {
            var name = $"n{round}";
            Task<Result<string>> Make(JournalOnDisk disk) => disk.Journal.Submit<string>(context =>
                context.Session.Number("SELECT COUNT(*) FROM notes WHERE name = $1", name) > 0
                    ? Fault.Conflict("taken", "taken")
                    : JournalOnDisk.Write(context, name));
            var both = await Task.WhenAll(Make(one), Make(two));
            Assert.Single(both, made => made.Fault is null);
            Assert.Single(both, made => made.Fault?.Code == "taken");
        }

        Assert.Null(one.Problem);
    }

    private static Task MakeNotes(Storage.Journal.Journal journal)
        => journal.Submit<int>(
            context => context.Session.Execute("CREATE TABLE notes (place INTEGER NOT NULL, name TEXT NOT NULL, filler TEXT)"));

    // Two nodes, so that one has another to notify.
    private static void RegisterNodes(Store store)
    {
        using var session = store.OpenWriter();
        foreach (var epoch in (long[])[1, 2])
            NodeTable.Register(session, new NodeRegistration(epoch, $"node_{epoch}", $"n{epoch}", "0", 60_000, 1), null);
    }

    private static async Task More(List<string> written, int count)
    {
        int Count()
        {
            lock (written)
                return written.Count;
        }

        for (var until = Count() + count; Count() < until;)
            await Task.Yield();
    }
}
