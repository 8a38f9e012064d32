using System.Collections.Concurrent;
using System.Text;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Storage.Journal;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Journal;

/// <summary>Other threads compose what the log stores of events; the commands' order and the commit's promise stay as they are.</summary>
public sealed class ComposedBodyTests
{
    [Theory, EachDatabase]
    public async Task Events_stand_in_the_order_of_their_commands_whatever_their_bodies_take(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var threads = new ConcurrentDictionary<string, int>();
        var go = disk.Hold();
        var tasks = Enumerable.Range(0, 120).Select(i => Note(disk, $"n{i:000}", () =>
        {
            threads.AddOrUpdate(Thread.CurrentThread.Name ?? "", 1, static (_, count) => count + 1);
            // Bodies take unlike amounts of work.
            Thread.SpinWait(i * 7 % 3 * 20_000);
        })).ToList();
        go();
        await Task.WhenAll(tasks);

        Assert.Equal(Enumerable.Range(0, 120).Select(i => $"n{i:000}"), disk.Notes);
        Assert.Equal(disk.Notes, disk.Listener.Heard.Select(static heard => heard.Type));
        Assert.Equal(disk.Notes, disk.Store.Read(session => session.All("SELECT type FROM events ORDER BY seq", row => row.GetString(0))));
        Assert.Equal(120, threads.Values.Sum());
        Assert.True(threads.Count > 1, "The writer composed every body itself.");
        Assert.Null(disk.Problem);
    }

    [Theory, EachDatabase]
    public async Task A_command_whose_event_cannot_be_composed_fails_alone(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var go = disk.Hold();
        var (before, after) = (Enumerable.Range(0, 20).Select(i => disk.Note($"a{i:00}")).ToList(), new List<Task<Result<string>>>());
        var failing = Note(disk, "failing", static () => throw new InvalidOperationException("no body"));
        var refused = disk.Journal.Submit<string>(context =>
        {
            JournalOnDisk.Write(context, "refused");
            return Fault.Conflict("no", "no");
        });
        after.AddRange(Enumerable.Range(0, 20).Select(i => disk.Note($"b{i:00}")));
        go();

        Assert.Equal("no body", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing)).Message);
        Assert.Equal("no", (await refused).Fault!.Code);
        Assert.All(await Task.WhenAll([.. before, .. after]), static answer => Assert.Null(answer.Fault));
        Assert.Equal([.. Enumerable.Range(0, 20).Select(i => $"a{i:00}"), .. Enumerable.Range(0, 20).Select(i => $"b{i:00}")], disk.Notes);
        Assert.Equal(disk.Notes, disk.Listener.Heard.Select(static heard => heard.Type));
        Assert.Null(disk.Problem);
    }

    [Theory, EachDatabase]
    public async Task A_lone_command_whose_event_cannot_be_composed_writes_nothing(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var head = disk.Head;
        await Assert.ThrowsAsync<InvalidOperationException>(() => Note(disk, "failing", static () => throw new InvalidOperationException("no body")));

        Assert.Empty(disk.Notes);
        Assert.Equal(head, disk.Head);
        Assert.Equal("next", (await disk.Note("next")).Value);
        Assert.Equal(0, disk.Listener.Unknown);
        Assert.Null(disk.Problem);
    }

    [Theory, EachDatabase]
    public async Task Nothing_of_a_batch_is_there_while_its_bodies_are_composed(Database database)
    {
        using var disk = new JournalOnDisk(database);
        await disk.Note("before");
        var seen = new ConcurrentBag<(long Head, int Notes)>();
        var head = disk.Head;
        var go = disk.Hold();
        // What a process that is killed in the middle of it leaves to the next one.
        var tasks = Enumerable.Range(0, 20).Select(i => Note(disk, $"n{i:00}", () => seen.Add((disk.Head, disk.Notes.Count)))).ToList();
        go();
        await Task.WhenAll(tasks);

        Assert.Equal(20, seen.Count);
        Assert.All(seen, found => Assert.Equal((head, 1), found));
        Assert.Equal(head + 20, disk.Head);
    }

    [Fact]
    public async Task Commands_run_again_when_one_of_them_must_be_undone_after_it_wrote()
    {
        using var disk = new JournalOnDisk(Database.Sqlite);
        // The last one has not run when the batch is begun anew; the next batch has savepoints from the start.
        Assert.Equal((2, 1), await RunWithLateRefusal(disk, "a"));
        Assert.Equal((1, 1), await RunWithLateRefusal(disk, "b"));
        Assert.Equal(["a first", "a last", "b first", "b last"], disk.Notes);
        Assert.Equal(disk.Notes, disk.Listener.Heard.Select(static heard => heard.Type));
        Assert.Null(disk.Problem);
    }

    // How often the commands around the refused one ran.
    private static async Task<(int First, int Last)> RunWithLateRefusal(JournalOnDisk disk, string name)
    {
        var runs = new int[2];
        Task<Result<string>> Counted(int place, string note) => disk.Journal.Submit<string>(context =>
        {
            runs[place]++;
            return JournalOnDisk.Write(context, note);
        });
        var go = disk.Hold();
        var first = Counted(0, name + " first");
        var refused = disk.Journal.Submit<string>(context =>
        {
            JournalOnDisk.Write(context, name + " refused");
            return Fault.Conflict("no", "no");
        });
        var last = Counted(1, name + " last");
        go();
        await Task.WhenAll(first, refused, last);
        return (runs[0], runs[1]);
    }

    private static Task<Result<string>> Note(JournalOnDisk disk, string name, Action composing) => disk.Journal.Submit<string>(context =>
    {
        context.Session.Execute("INSERT INTO notes (place, name) SELECT COALESCE(MAX(place), 0) + 1, $1 FROM notes", name);
        var (id, now) = (Id.New(IdKind.Event, context.Now, Entropy.System), context.Now);
        context.Append(new EventDraft
        {
            Id = id,
            Environment = 0,
            Type = name,
            CreatedAt = now,
            Body = EventBody.Later(() =>
            {
                composing();
                return (Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","event":"{{name}}","created_at":"{{now}}"}"""), []);
            }),
        });
        return name;
    });
}
