using Microsoft.Extensions.Logging;
using Warder.Core.Time;
using Warder.Storage;
using Warder.Storage.Events;
using Warder.Storage.Journal;
using Warder.Storage.LogReaders;

namespace Warder.Engine.LogReaders;

/// <summary>Runs one reader on this node: takes the ownership, renews it, passes events to the reader, and moves the cursor.</summary>
internal sealed partial class LogReaderRun(LogReader reader, LogReaderParts parts) : IDisposable
{
    private const int MostBytes = 4 << 20;
    private const int MostProblemCharacters = 500;

    // A reader that ignores its cancellation for this time is abandoned: the process ends without it.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private LogReaderRow? seen;
    private long seenMicroseconds;
    private long cursor;
    private long failures;
    private volatile bool isOwner;
    private bool stopped;

    /// <summary>The reader's name.</summary>
    public string Name => reader.Name;

    /// <summary>Whether this node runs the reader.</summary>
    public bool IsOwner => isOwner;

    /// <summary>The last event that the reader has handled, as far as this node knows.</summary>
    public long Cursor => Volatile.Read(ref cursor);

    /// <summary>The number of failures of the reader on this node.</summary>
    public long Failures => Volatile.Read(ref failures);

    public void Start() => running = Task.Run(RunAsync);

    /// <summary>Cancels the reader.</summary>
    public void Stop()
    {
        if (!stopped)
            stopping.Cancel();
    }

    /// <summary>Waits until the reader has ended, and the ownership is released.</summary>
    public void Dispose()
    {
        Stop();
        if (stopped || !running.Wait(StopPatience))
            return;
        stopped = true;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = parts.Pace.FirstRetry;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!isOwner && !await TryOwn())
                    await Task.Delay(parts.Pace.Look, stopping.Token);
                else if (!await HandleSome())
                    await WaitForEvents();
                pause = parts.Pace.FirstRetry;
            }
            catch (OperationCanceledException)
            {
                // The node stops, or has lost the ownership: the next round determines which.
            }
            catch (Exception e)
            {
                await Fail(e);
                await Task.Delay(pause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, parts.Pace.LastRetry.Ticks));
            }
        }

        await Release();
    }

    // The owner increments the number of renewals. If it stays the same for a whole lease by this node's own clock, the owner is gone.
    private async Task<bool> TryOwn()
    {
        var row = parts.Store.Read(session => LogReaderTable.Find(session, Name));
        if (row is null)
        {
            var begin = reader.BeginsAtStart ? 0 : parts.Store.Read(Log.Head).Sequence;
            row = (await Submit(session =>
            {
                LogReaderTable.Add(session, Name, begin);
                return LogReaderTable.Find(session, Name);
            }))!;
        }

        var now = Clock.MonotonicMicroseconds();
        if (seen is null || seen.Renewals != row.Renewals || seen.Owner != row.Owner)
            (seen, seenMicroseconds) = (row, now);
        // Where there can be no other node, the owner was an earlier process.
        var isFree = row.Owner is null || !parts.Store.IsShared || now - seenMicroseconds >= parts.Pace.Lease.TotalMicroseconds;
        if (!isFree || !await Submit(session => LogReaderTable.TryOwn(session, row, parts.NodeId)))
            return false;
        seen = null;
        Volatile.Write(ref cursor, row.Sequence);
        isOwner = true;
        return true;
    }

    private async Task<bool> HandleSome()
    {
        var from = Cursor;
        if (parts.Head() <= from)
            return false;
        var events = parts.Store.Read(session => EventTable.After(session, from, reader.MostEvents, MostBytes));
        if (events.Count == 0)
            return false;
        using var handling = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        var handled = reader.HandleAsync(events, handling.Token);
        try
        {
            await RenewUntil(handled);
        }
        catch (Exception)
        {
            // The reader gets no more events until it has ended.
            await handling.CancelAsync();
            await handled.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        if (!handled.IsCompleted)
            await handling.CancelAsync();
        await handled;
        await Advance(from, events);
        return true;
    }

    // Returns when the reader has ended, the node stops, or the ownership is lost.
    private async Task RenewUntil(Task handled)
    {
        while (await Task.WhenAny(handled, Task.Delay(parts.Pace.Renewal, stopping.Token)) != handled)
        {
            if (stopping.IsCancellationRequested || !await Renew())
                return;
        }
    }

    private async Task Advance(long from, List<LoggedEvent> events)
    {
        var to = events[^1].Sequence;
        isOwner = await Submit(session =>
        {
            if (!LogReaderTable.TryAdvance(session, Name, parts.NodeId, from, to))
                return false;
            reader.Write(session, events);
            return true;
        });
        if (isOwner)
            Volatile.Write(ref cursor, to);
    }

    // Waits without I/O while there are no new events, except for renewals.
    private async Task WaitForEvents()
    {
        var since = Clock.MonotonicMicroseconds();
        while (parts.Head() <= Cursor)
        {
            await Task.Delay(parts.Pace.Poll, stopping.Token);
            if (Clock.MonotonicMicroseconds() - since < parts.Pace.Renewal.TotalMicroseconds)
                continue;
            if (!await Renew())
                return;
            since = Clock.MonotonicMicroseconds();
        }
    }

    // Where no other node can take over, there is nothing to renew.
    private async Task<bool> Renew()
    {
        if (!parts.Store.IsShared)
            return true;
        var at = Cursor;
        return isOwner = await Submit(session => LogReaderTable.TryAdvance(session, Name, parts.NodeId, at, at));
    }

    private async Task Fail(Exception problem)
    {
        Interlocked.Increment(ref failures);
        var text = problem.Message.Length > MostProblemCharacters ? problem.Message[..MostProblemCharacters] : problem.Message;
        LogFailed(parts.Logger, Name, Cursor, text);
        try
        {
            var at = parts.Clock.Now();
            await Submit(session =>
            {
                LogReaderTable.Fail(session, Name, parts.NodeId, text, at);
                return true;
            });
        }
        catch (Exception)
        {
            // The store itself fails: only the log line reports the problem.
        }
    }

    private async Task Release()
    {
        if (!isOwner)
            return;
        try
        {
            isOwner = false;
            await Submit(session =>
            {
                LogReaderTable.Release(session, Name, parts.NodeId);
                return true;
            });
        }
        catch (Exception)
        {
            // Another node takes the reader when the lease is over.
        }
    }

    private async Task<T> Submit<T>(Func<Session, T> write)
        => (await parts.Journal.Submit<T>(context => write(context.Session), EnvironmentScope.None)).Value;

    [LoggerMessage(LogLevel.Warning, "The log reader {Reader} could not handle the events after {Sequence}, and tries again: {Problem}")]
    private static partial void LogFailed(ILogger logger, string reader, long sequence, string problem);
}
