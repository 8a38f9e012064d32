using Warder.Core.Secrets;
using Warder.Server.Hosting;
using Warder.Engine.LogReaders;
using Warder.Server.Tests.Hosting;
using Warder.Storage.LogReaders;

namespace Warder.Server.Tests.LogReaders;

public sealed class LogReaderTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    // A tenth of the usual times.
    private static readonly LogReaderPace Pace = new()
    {
        Lease = TimeSpan.FromSeconds(1), Renewal = TimeSpan.FromMilliseconds(300), Look = TimeSpan.FromMilliseconds(100),
        FirstRetry = TimeSpan.FromMilliseconds(20), LastRetry = TimeSpan.FromMilliseconds(200),
    };

    [Fact]
    public async Task A_reader_gets_every_event_once_and_in_order_across_restarts()
    {
        using var folder = new DataFolder();
        var reader = new RecordingReader("recording");
        for (var run = 0; run < 3; run++)
        {
            await using var warder = await Start(folder, reader);
            await Change(warder, 10);
            await HasHandled(warder, reader);
        }

        Assert.Equal(Enumerable.Range(1, reader.Handled.Count).Select(static number => (long)number), reader.Handled);
    }

    [Fact]
    public async Task What_fails_comes_again_and_its_problem_is_shown_and_no_other_reader_waits()
    {
        var broken = true;
        var failing = new RecordingReader("failing", (_, _) => broken ? throw new InvalidOperationException("The destination is away.") : Task.CompletedTask);
        var sound = new RecordingReader("sound");
        await using var warder = await Start(null, failing, sound);
        await Change(warder, 3);
        await HasHandled(warder, sound);
        await Eventually.Holds(() => Task.FromResult(Row(warder, "failing").Problem is not null), Soon, "The problem is not noted.");
        Assert.Equal("The destination is away.", Row(warder, "failing").Problem);
        Assert.Empty(failing.Handled);
        var line = warder.LogReaders.Readers.Single(static reader => reader.Name == "failing");
        Assert.True(line is { IsOwner: true, Lag: >= 3, Failures: > 0 }, line.ToString());
        var health = (await warder.Get("/health")).Is(200).Json;
        var shown = health.GetProperty("log_readers").EnumerateArray().Single(static each => each.GetProperty("name").GetString() == "failing");
        Assert.True(health.GetProperty("ready").GetBoolean());
        Assert.Equal(warder.Node.Id, shown.GetProperty("node_id").GetString());
        Assert.Equal("The destination is away.", shown.GetProperty("problem").GetString());
        Assert.Equal(health.GetProperty("log_sequence").GetInt64(), shown.GetProperty("lag").GetInt64());
        broken = false;
        await HasHandled(warder, failing);
        Assert.Equal(Enumerable.Range(1, failing.Handled.Count).Select(static number => (long)number), failing.Handled);
        Assert.Null(Row(warder, "failing").Problem);
    }

    [Fact]
    public async Task What_was_handled_and_not_committed_comes_again()
    {
        var reader = new RecordingReader("recording");
        await using var warder = await Start(null, reader);
        await HasHandled(warder, reader);
        var before = reader.Handled.Count;
        reader.WriteFailure = new InvalidOperationException("The table is full.");
        await Change(warder, 1);
        await Eventually.Holds(() => Task.FromResult(Row(warder, "recording").Problem is not null), Soon, "The problem is not noted.");
        Assert.Equal(before, Row(warder, "recording").Sequence);
        reader.WriteFailure = null;
        await HasHandled(warder, reader);
        Assert.Equal(Row(warder, "recording").Sequence, reader.Handled.Distinct().Count());
        Assert.True(reader.Handled.Count > reader.Handled.Distinct().Count());
    }

    [Fact]
    public async Task A_reader_that_hangs_holds_up_no_change_and_gets_no_more_until_it_has_ended()
    {
        var given = 0;
        var gate = new TaskCompletionSource();
        var reader = new RecordingReader("slow", async (_, cancellation) =>
        {
            Interlocked.Increment(ref given);
            await gate.Task.WaitAsync(cancellation);
        });
        await using var warder = await Start(null, reader);
        await Change(warder, 30);
        await Task.Delay(Pace.Lease * 2);
        Assert.Equal(1, Volatile.Read(ref given));
        Assert.True(warder.LogReaders.Readers.Single() is { IsOwner: true, Lag: >= 30 });
        gate.SetResult();
        await HasHandled(warder, reader);
    }

    [Fact]
    public async Task One_node_runs_a_reader_and_another_takes_it_when_that_is_gone()
    {
        using var folder = DataFolder.OnOwnPostgres();
        var (first, second) = (new RecordingReader("recording"), new RecordingReader("recording"));
        await using var one = await Start(folder, first);
        await HasHandled(one, first);
        using var beside = folder.Beside();
        await using var two = await Start(beside, second);
        await Change(two, 10);
        await Eventually.Holds(() => Task.FromResult(Row(two, "recording").Sequence >= two.Node.Cache.Applied), Soon, "The events were not handled.");
        // Longer than a lease: the owner has renewed it, or the other would have taken it.
        await Task.Delay(Pace.Lease * 2);
        Assert.Equal(one.Node.Id, Row(two, "recording").Owner);
        Assert.Empty(second.Handled);

        // As if the owner were stopped in the middle: it renews no more, and comes back later.
        one.LogReaders.Dispose();
        await one.Node.Journal.Submit<bool>(
            static context => context.Session.Execute("UPDATE log_readers SET owner = 'node_gone'") > 0, Storage.Journal.EnvironmentScope.None);
        await Change(two, 10);
        await HasHandled(two, second);
        Assert.Equal(two.Node.Id, Row(two, "recording").Owner);
        Assert.Equal(
            Enumerable.Range(1, (int)Row(two, "recording").Sequence).Select(static number => (long)number), first.Handled.Concat(second.Handled));
    }

    [Fact]
    public async Task A_reader_whose_ownership_cannot_be_renewed_is_cancelled_before_it_gets_events_again()
    {
        using var folder = DataFolder.OnOwnPostgres();
        var (given, inside, most) = (0, 0, 0);
        var reader = new RecordingReader("slow", async (_, cancellation) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Interlocked.Increment(ref given);
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Decrement(ref inside);
            cancellation.ThrowIfCancellationRequested();
        });
        await using var warder = await Start(folder, reader);
        await Eventually.Holds(() => Task.FromResult(Volatile.Read(ref given) == 1), Soon, "The reader got no events.");
        await warder.Node.Journal.Submit<bool>(
            static context => context.Session.Execute("ALTER TABLE log_readers RENAME TO gone") >= 0, Storage.Journal.EnvironmentScope.None);
        await Eventually.Holds(() => Task.FromResult(Volatile.Read(ref given) > 2), Soon, "The reader did not get the events again.");
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_node_that_stops_in_order_leaves_its_readers_to_the_others_at_once()
    {
        using var folder = DataFolder.OnOwnPostgres();
        var (first, second) = (new RecordingReader("recording"), new RecordingReader("recording"));
        await using var one = await Start(folder, first);
        await HasHandled(one, first);
        one.LogReaders.Dispose();
        Assert.Null(Row(one, "recording").Owner);
        using var beside = folder.Beside();
        await using var two = await Start(beside, second);
        await Eventually.Holds(() => Task.FromResult(Row(two, "recording").Owner == two.Node.Id), Pace.Lease / 2, "The other node did not take it at once.");
    }

    [Theory]
    [InlineData("", "Upper")]
    [InlineData("x y", "x")]
    [InlineData("same", "same")]
    public void A_name_is_well_formed_and_used_once(string first, string second)
        => Assert.Throws<ArgumentException>(() => new LogReaderHost([new RecordingReader(first), new RecordingReader(second)], null!));

    private static async Task<RunningWarder> Start(DataFolder? folder, params RecordingReader[] readers)
        => await RunningWarder.StartAsync(folder, folder?.Shared is { } shared ? shared : default(SecretString?), parts: new HostParts { LogReaders = readers, Pace = Pace });

    private static async Task Change(RunningWarder warder, int times)
    {
        for (var i = 0; i < times; i++)
            (await warder.Post("/organizations", new { name = $"organization {i}" })).Is(201);
    }

    private static LogReaderRow Row(RunningWarder warder, string name) => warder.Node.Store.Read(session => LogReaderTable.Find(session, name))!;

    private static Task HasHandled(RunningWarder warder, RecordingReader reader)
        => Eventually.Holds(
            () => Task.FromResult(warder.Head is var head && Row(warder, reader.Name) is { } row && row.Sequence >= head), Soon,
            $"The reader {reader.Name} has not handled everything.");
}
