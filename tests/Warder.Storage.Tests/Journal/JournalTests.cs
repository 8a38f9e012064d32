using System.Data.Common;
using Warder.Core.Faults;
using Warder.Storage.Journal;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Journal;

/// <summary>One writer, many callers, one commit for all that wait.</summary>
public sealed class JournalTests
{
    [Theory, EachDatabase]
    public async Task What_waits_is_committed_together_in_the_order_in_which_it_came(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var go = disk.Hold();
        var (batches, head) = (disk.Batches, disk.Head);
        var tasks = Enumerable.Range(0, 200).Select(i => disk.Note($"n{i:000}")).ToList();
        Assert.DoesNotContain(tasks, task => task.IsCompleted);
        go();
        var answers = await Task.WhenAll(tasks);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"n{i:000}"), answers.Select(answer => answer.Value));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"n{i:000}"), disk.Notes);
        Assert.Equal(batches + BatchesOf(disk, 200), disk.Batches);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (head + 1 + i, $"n{i:000}")), disk.Listener.Heard);
        Assert.Null(disk.Problem);
    }

    [Theory, EachDatabase]
    public async Task A_refused_command_answers_for_no_other(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var go = disk.Hold();
        var good = disk.Note("good");
        var failing = disk.Journal.Submit<string>(context =>
        {
            // The last statement is queued; it is sent with the next query, where its error surfaces.
            context.Session.Number("SELECT COUNT(*) FROM notes");
            context.Session.Write("INSERT INTO notes (place, name) VALUES (NULL, 'nowhere')");
            context.Append(JournalOnDisk.Event(context, "lost"));
            return "failing";
        });
        var refused = disk.Journal.Submit<string>(static _ => Fault.Conflict("no", "no"));
        go();

        await Assert.ThrowsAnyAsync<DbException>(() => failing);
        Assert.Equal("no", (await refused).Fault!.Code);
        Assert.Equal("good", (await good).Value);
        Assert.Equal(["good"], disk.Notes);
        Assert.Equal(["good"], disk.Listener.Heard.Select(static heard => heard.Type));
        Assert.Null(disk.Problem);
    }

    [Theory, EachDatabase]
    public async Task A_batch_is_bounded(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var go = disk.Hold();
        var batches = disk.Batches;
        var tasks = Enumerable.Range(0, 1_000).Select(i => disk.Note($"n{i}")).ToList();
        go();
        await Task.WhenAll(tasks);
        Assert.InRange(disk.Batches - batches, BatchesOf(disk, 1_000), BatchesOf(disk, 2_000));
        Assert.Null(disk.Problem);
    }

    [Theory, EachDatabase]
    public async Task Refused_and_throwing_and_tried_commands_leave_nothing_and_spoil_nothing(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var go = disk.Hold();
        var (good, refused, thrown, doubled, tried) = (
            new List<Task<Result<string>>>(), new List<Task<Result<string>>>(), new List<Task<Result<string>>>(),
            new List<Task<Result<string>>>(), new List<Task<Result<string>>>());
        for (var i = 0; i < 40; i++)
        {
            var name = $"n{i}";
            good.Add(disk.Note(name));
            refused.Add(disk.Journal.Submit<string>(context =>
            {
                JournalOnDisk.Write(context, name + " refused");
                return Fault.Conflict("no", "no");
            }));
            thrown.Add(disk.Journal.Submit<string>(context =>
            {
                JournalOnDisk.Write(context, name + " thrown");
                throw new InvalidOperationException(name);
            }));
            doubled.Add(disk.Journal.Submit<string>(context =>
            {
                JournalOnDisk.Write(context, name + " doubled");
                return JournalOnDisk.Write(context, name);
            }));
            tried.Add(disk.Journal.Submit<string>(context =>
            {
                context.RollBack = true;
                return JournalOnDisk.Write(context, name + " tried");
            }));
        }

        var batches = disk.Batches;
        go();
        Assert.All(await Task.WhenAll(good), answer => Assert.Null(answer.Fault));
        Assert.All(await Task.WhenAll(refused), answer => Assert.Equal("no", answer.Fault!.Code));
        Assert.All(await Task.WhenAll(tried), answer => Assert.EndsWith(" tried", answer.Value));
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal($"n{i}", (await Assert.ThrowsAsync<InvalidOperationException>(() => thrown[i])).Message);
            // The constraint of this command; an exception of the command, and not of its batch.
            await Assert.ThrowsAnyAsync<Exception>(() => doubled[i]);
        }

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"n{i}"), disk.Notes);
        Assert.Equal(disk.Notes, disk.Listener.Heard.Select(heard => heard.Type));
        // Where other nodes may be the cause, the journal retries a violated constraint in the next batch.
        Assert.InRange(disk.Batches - batches, BatchesOf(disk, 200), BatchesOf(disk, 200) + 1);
        Assert.Equal(0, disk.Listener.Unknown);
        Assert.Null(disk.Problem);
    }

    [Theory, EachDatabase]
    public async Task A_commit_that_fails_fails_every_caller_of_its_batch_and_leaves_nothing(Database database)
    {
        using var disk = new JournalOnDisk(database);
        await disk.Journal.Submit<int>(context => context.Session.Execute(
            "CREATE TABLE parents (id INTEGER PRIMARY KEY)") + context.Session.Execute(
            "CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)"));
        (await disk.Note("before")).Value.ToString();
        var head = disk.Head;
        var go = disk.Hold();
        var tasks = Enumerable.Range(0, 30).Select(i => disk.Note($"n{i}")).ToList();
        // The commit itself finds it, after every command has run.
        tasks.Insert(10, disk.Journal.Submit<string>(context => context.Session.Execute("INSERT INTO children VALUES (7)").ToString()));
        tasks.Add(disk.Journal.Submit<string>(_ => Fault.NotFound("Nothing")));
        go();
        foreach (var task in tasks)
            await Assert.ThrowsAsync<StorageException>(() => task);

        Assert.Equal(["before"], disk.Notes);
        Assert.Equal(head, disk.Head);
        Assert.Equal(["before"], disk.Listener.Heard.Select(heard => heard.Type));
        Assert.Equal("after", (await disk.Note("after")).Value);
        Assert.Equal(["before", "after"], disk.Notes);
        Assert.Null(disk.Problem);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    public async Task When_the_database_is_full_a_whole_batch_fails_and_the_next_one_is_written_once_there_is_room(Database database)
    {
        using var disk = new JournalOnDisk(database);
        await disk.Journal.Submit<long>(
            context => context.Session.Number($"PRAGMA max_page_count = {context.Session.Number("PRAGMA page_count") + 2}"));
        var go = disk.Hold();
        var small = Enumerable.Range(0, 5).Select(i => disk.Note($"small{i}")).ToList();
        var big = disk.Note("big", new string('x', 100_000));
        go();
        foreach (var task in small.Append(big))
            Assert.Equal(StorageFaultKind.Unavailable, (await Assert.ThrowsAsync<StorageException>(() => task)).Kind);
        Assert.Empty(disk.Notes);
        Assert.Empty(disk.Listener.Heard);

        Assert.Equal("big", (await disk.Note("big", new string('x', 100_000))).Value);
        Assert.Null(disk.Problem);
    }

    [Theory, EachDatabase]
    public async Task No_caller_is_answered_before_the_listener_is_through(Database database)
    {
        using var disk = new JournalOnDisk(database);
        using var notified = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var durable = 0L;
        disk.Listener.OnCommitted = batch =>
        {
            durable = disk.Head;
            notified.Set();
            go.Wait();
            Assert.Equal(batch.FirstSequence + batch.Events.Count - 1, durable);
        };
        var note = disk.Note("n");
        notified.Wait();
        Assert.Equal(["n"], disk.Notes);
        Assert.False(note.IsCompleted);
        go.Set();
        Assert.Equal("n", (await note).Value);
    }

    [Theory, EachDatabase]
    public async Task A_listener_that_fails_is_told_to_forget_before_its_callers_hear_that_the_outcome_is_unknown(Database database)
    {
        using var disk = new JournalOnDisk(database);
        disk.Listener.OnCommitted = _ => throw new InvalidOperationException("memory");
        var failed = await Assert.ThrowsAsync<StorageException>(() => disk.Note("n"));
        Assert.Equal(StorageFaultKind.OutcomeUnknown, failed.Kind);
        Assert.Equal(1, disk.Listener.Unknown);
        Assert.Equal(["n"], disk.Notes);

        disk.Listener.OnCommitted = _ => { };
        Assert.Equal("m", (await disk.Note("m")).Value);
        Assert.Null(disk.Problem);
    }

    [Theory, EachDatabase]
    public async Task Stopping_writes_what_waits_and_refuses_what_comes_later(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var go = disk.Hold();
        var tasks = Enumerable.Range(0, 500).Select(i => disk.Note($"n{i}")).ToList();
        go();
        disk.Stop();
        Assert.All(tasks, task => Assert.True(task.IsCompletedSuccessfully));
        await Assert.ThrowsAsync<StorageException>(() => disk.Note("later"));
        Assert.Equal(500, disk.Notes.Count);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    public async Task More_than_can_wait_is_refused_at_once_and_what_waits_is_written(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var go = disk.Hold();
        var tasks = Enumerable.Range(0, 20_000).Select(i => disk.Note($"n{i}")).ToList();
        var refused = tasks.Count(task => task.IsFaulted);
        go();
        var written = 0;
        foreach (var task in tasks)
        {
            try
            {
                written += (await task).Value.Length > 0 ? 1 : 0;
            }
            catch (StorageException e)
            {
                Assert.Equal(StorageFaultKind.Unavailable, e.Kind);
            }
        }

        Assert.InRange(refused, 1, 19_000);
        Assert.Equal(20_000 - refused, written);
        Assert.Equal(written, disk.Notes.Count);
        Assert.Null(disk.Problem);
    }

    private static int BatchesOf(JournalOnDisk disk, int commands) => (commands + disk.Store.MaxBatch - 1) / disk.Store.MaxBatch;
}
