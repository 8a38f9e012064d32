using System.Data.Common;
using System.Threading.Channels;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Time;

namespace Warder.Storage.Journal;

/// <summary>
/// The one writer. Commands queue to it; it drains what waits into one transaction, each command in a savepoint, appends their events to the log,
/// and commits: one sync serves every caller. A caller is answered when the commit is durable and the listener has applied it.
/// </summary>
/// <remarks>Thread-safe. A refused command writes nothing and does not disturb its batch; when a batch cannot be committed, all of it fails.</remarks>
public sealed class Journal : IDisposable
{
    private const int MaxBatch = 256;
    private const int MaxQueued = 16_384;
    private const long SlowCommitMicroseconds = 500;
    private const long MaxLingerMicroseconds = 2_000;
    private const int RetryPauseMilliseconds = 200;

    private readonly Channel<PendingCommand> queue = Channel.CreateBounded<PendingCommand>(
        new BoundedChannelOptions(MaxQueued) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Store store;
    private readonly CommitListener listener;
    private readonly Clock clock;
    private readonly Thread writer;
    private readonly ManualResetEvent stop = new(initialState: false);
    private volatile bool stopping;
    private Session session;
    private CommandContext context;
    private long lastCommitMicroseconds;
    private int lastCohort;

    /// <summary>Starts the writer.</summary>
    public Journal(Store store, CommitListener listener, Clock clock)
    {
        this.store = store;
        this.listener = listener;
        this.clock = clock;
        session = store.OpenWriter();
        context = new CommandContext(session);
        writer = new Thread(Write) { IsBackground = true, Name = "journal" };
        writer.Start();
    }

    /// <summary>
    /// Queues a command and waits until its batch is durable and in force. The command runs on the writer's thread and may run no more than once.
    /// </summary>
    /// <exception cref="StorageException">Nothing was written, or it is not known whether it was.</exception>
    public Task<Result<T>> Submit<T>(Func<CommandContext, Result<T>> command)
    {
        var pending = new PendingCommand<T>(command);
        if (!queue.Writer.TryWrite(pending))
            pending.Fail(new StorageException(StorageFaultKind.Unavailable, "Too many changes wait to be written, or the server is stopping. Nothing was written."));
        return pending.Task;
    }

    /// <summary>Writes what waits, and stops.</summary>
    public void Dispose()
    {
        queue.Writer.TryComplete();
        stopping = true;
        stop.Set();
        writer.Join();
        session.Dispose();
        stop.Dispose();
    }

    private void Write()
    {
        var batch = new List<PendingCommand>(MaxBatch);
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (TryTake(batch))
            {
                // There is more.
            }

            Linger(batch);
            WriteBatch(batch);
            lastCohort = batch.Count;
            batch.Clear();
        }
    }

    private bool TryTake(List<PendingCommand> batch)
    {
        if (batch.Count == MaxBatch || !queue.Reader.TryRead(out var pending))
            return false;
        batch.Add(pending);
        return true;
    }

    // Those whom the last commit answered are about to come again. Who starts with the first of them leaves the others to wait for a whole commit more, and where a
    // commit is slow that halves what a second can hold. So it waits for as many as there were, for a fifth of a commit at most; where commits are quick, not at all.
    private void Linger(List<PendingCommand> batch)
    {
        if (lastCommitMicroseconds < SlowCommitMicroseconds || batch.Count >= lastCohort)
            return;
        var end = Clock.MonotonicMicroseconds() + Math.Min(lastCommitMicroseconds / 5, MaxLingerMicroseconds);
        while (batch.Count < lastCohort && Clock.MonotonicMicroseconds() < end)
        {
            if (!TryTake(batch))
                Thread.Yield();
        }
    }

    private void WriteBatch(List<PendingCommand> batch)
    {
        var survivors = new List<PendingCommand>(batch.Count);
        var inForce = Task.CompletedTask;
        try
        {
            var events = new List<EventDraft>();
            session.Execute(store.Dialect.Begin);
            context.Access.Forget();
            var wrote = false;
            foreach (var pending in batch)
                wrote |= RunInSavepoint(pending, events, survivors);
            if (wrote)
                inForce = CommitAndApply(events);
            else
                session.Execute("ROLLBACK");
        }
        catch (Exception e)
        {
            Recover(e, batch.FindAll(pending => !pending.IsFailed));
            return;
        }

        if (inForce.IsCompletedSuccessfully)
            Complete(survivors);
        else
            _ = CompleteLater(survivors, inForce);
        Tidy();
    }

    private static async Task CompleteLater(List<PendingCommand> survivors, Task inForce)
    {
        await inForce;
        Complete(survivors);
    }

    private static void Complete(List<PendingCommand> survivors)
    {
        foreach (var pending in survivors)
            pending.Complete();
    }

    private void Tidy()
    {
        try
        {
            store.Tidy(session);
        }
        catch (DbException)
        {
            // It is tried again after the next batch; nothing is lost.
        }
    }

    private bool RunInSavepoint(PendingCommand pending, List<EventDraft> events, List<PendingCommand> survivors)
    {
        context.Start(clock.Now());
        session.Execute("SAVEPOINT command");
        var stays = false;
        try
        {
            stays = pending.Run(context);
            survivors.Add(pending);
        }
        catch (Exception e) when (e is not DbException failure || store.IsOfCommand(failure))
        {
            // A bug in one command is that command's failure. A failing database is the whole batch's.
            pending.Fail(e);
        }

        if (stays)
            events.AddRange(context.Events);
        else
            session.Execute("ROLLBACK TO command");
        session.Execute("RELEASE command");
        context.Settle(stays);
        return stays;
    }

    // Returns when what was committed is in force everywhere.
    private Task CommitAndApply(List<EventDraft> events)
    {
        var head = events.Count > 0 ? EventLog.Append(session, events) : null;
        var start = Clock.MonotonicMicroseconds();
        try
        {
            session.Execute("COMMIT");
        }
        catch (DbException e) when (!store.IsUndone(e))
        {
            throw new StorageException(StorageFaultKind.OutcomeUnknown, "The disk failed while the change was written: whether it is durable is not known.", e);
        }

        lastCommitMicroseconds = Clock.MonotonicMicroseconds() - start;
        return head is null ? Task.CompletedTask : Apply(new CommittedBatch(events, head));
    }

    // What is durable and could not be applied must not be answered from: memory is forgotten, and the callers are told what is known.
    private Task Apply(CommittedBatch batch)
    {
        try
        {
            return listener.Committed(batch);
        }
        catch (Exception e)
        {
            throw new StorageException(StorageFaultKind.OutcomeUnknown, "The change is durable, and could not be brought into memory.", e);
        }
    }

    private void Recover(Exception cause, List<PendingCommand> failed)
    {
        var exception = cause is DbException e ? store.Translate(e) : cause;
        var doubtful = exception is not StorageException { Kind: StorageFaultKind.Unavailable };
        if (doubtful)
            listener.Forget();
        Retry(Reopen);
        if (doubtful)
            Retry(listener.Restore);
        foreach (var pending in failed)
            pending.Fail(exception);
    }

    // Until the store can be used again, what is queued waits, and what is validated goes on from what memory may still know.
    private void Retry(Action action)
    {
        while (!stopping)
        {
            try
            {
                action();
                return;
            }
            catch (Exception e) when (e is DbException or StorageException)
            {
                stop.WaitOne(RetryPauseMilliseconds);
            }
        }
    }

    // A connection whose transaction failed is in a state that is not worth knowing.
    private void Reopen()
    {
        try
        {
            session.Dispose();
        }
        catch (DbException)
        {
            // It is being thrown away.
        }

        session = store.OpenWriter();
        context = new CommandContext(session);
    }
}
