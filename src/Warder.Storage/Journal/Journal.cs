using System.Data.Common;
using Warder.Core.Faults;
using Warder.Core.Time;

namespace Warder.Storage.Journal;

/// <summary>
/// A node's only writer. It runs the queued commands in one transaction, each in a savepoint, appends their events to the log, and commits
/// once for all of them. A command completes when its batch is durable and in force.
/// </summary>
/// <remarks>
/// Thread-safe. A refused command writes nothing and does not affect its batch. A batch that cannot be committed fails as a whole.
/// </remarks>
public sealed class Journal : IDisposable
{
    private const long SlowCommitMicroseconds = 500;
    private const long MaxLingerMicroseconds = 2_000;
    private const int RetryPauseMilliseconds = 200;
    private const int WatchesInPatience = 10;

    private readonly CommandQueue queue = new();
    private readonly Store store;
    private readonly CommitListener listener;
    private readonly Clock clock;
    private readonly Timer? watch;
    private readonly ManualResetEvent stop = new(initialState: false);
    private readonly Lock turnover = new();
    private volatile bool stopping;
    private volatile Thread thread;
    private volatile Writer writer;
    // The commands of the current batch; they complete when it is in force.
    private List<PendingCommand> batch = [];
    // Commands that the last batch deferred; they are the first of the next one.
    private readonly List<PendingCommand> deferred = [];
    private long lastCommitMicroseconds;
    private long refused;
    private int lastBatchSize;

    /// <summary>Starts the writer.</summary>
    public Journal(Store store, CommitListener listener, Clock clock)
    {
        this.store = store;
        this.listener = listener;
        this.clock = clock;
        writer = new Writer(store, store.OpenWriter());
        thread = Start(Write);
        if (store.CommitPatience is { } patience)
            watch = new Timer(_ => Watch(patience), null, patience / WatchesInPatience, patience / WatchesInPatience);
    }

    /// <summary>
    /// Queues a command and waits until its batch is durable and in force. The command runs on the writer's thread. A conflict with another
    /// node makes it run again; the effects of each run but the last are rolled back, so the command must have no effects outside its
    /// context.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="origin">
    /// The share of the queue that it takes, and an environment that its answer depends on, beside those of the events that it appends.
    /// </param>
    /// <param name="committed">
    /// Called on the writer's thread when a change to the memory of verifiers is durable and not yet in force. Not called for other
    /// commands.
    /// </param>
    /// <exception cref="StorageException">The command was not committed, or the outcome of the commit is not known.</exception>
    public Task<Result<T>> Submit<T>(Func<CommandContext, Result<T>> command, CommandOrigin origin, Action<Commitment>? committed = null)
        => Submit(command, origin, new EnvironmentScope(origin.Environment), committed);

    /// <summary>Queues a command of the server itself, with an answer that depends on a scope.</summary>
    public Task<Result<T>> Submit<T>(Func<CommandContext, Result<T>> command, EnvironmentScope scope)
        => Submit(command, CommandOrigin.Server, scope, null);

    private Task<Result<T>> Submit<T>(
        Func<CommandContext, Result<T>> command, CommandOrigin origin, EnvironmentScope? scope, Action<Commitment>? committed)
    {
        var pending = new PendingCommand<T>(command, committed) { Scope = scope };
        if (!queue.TryAdd(pending, origin))
        {
            Interlocked.Increment(ref refused);
            pending.Fail(new StorageException(
                StorageFaultKind.Unavailable,
                "Too many changes of this environment or management key wait to be written, "
                + "or the server is stopping. Nothing was written."));
        }

        return pending.Task;
    }

    /// <summary>Queues a command of the server itself, with an answer that depends on the events that it appends.</summary>
    /// <param name="command">The command.</param>
    /// <exception cref="StorageException">The command was not committed, or the outcome of the commit is not known.</exception>
    public Task<Result<T>> Submit<T>(Func<CommandContext, Result<T>> command)
        => Submit(command, CommandOrigin.Server, scope: null, committed: null);

    /// <summary>Counts the commands that were refused because the queue was full.</summary>
    public long Refused => Volatile.Read(ref refused);

    /// <summary>Writes the queued commands, and stops.</summary>
    public void Dispose()
    {
        queue.Complete();
        stopping = true;
        stop.Set();
        while (!HasEnded(thread))
        {
            // A commit is under way, and the watch may yet abandon it.
        }

        watch?.Dispose();
        writer.Dispose();
        stop.Dispose();
    }

    private bool HasEnded(Thread which)
    {
        if (!which.Join(RetryPauseMilliseconds))
            return false;
        lock (turnover)
            return which == thread;
    }

    private static Thread Start(Action run)
    {
        var thread = new Thread(() => run()) { IsBackground = true, Name = "journal" };
        thread.Start();
        return thread;
    }

    private void Write()
    {
        try
        {
            WriteAll();
        }
        catch (CommitAbandonedException)
        {
            // The thread that abandoned the commit has started another writer.
        }
    }

    // Called by a timer. When a commit goes unanswered for too long, its commands fail with an unknown outcome, and another writer serves
    // the rest of the queue.
    private void Watch(TimeSpan patience)
    {
        lock (turnover)
        {
            if (!writer.TryGiveUp(patience))
                return;
            var (unanswered, problem) = (batch,
                $"The database has not answered a commit within {patience.TotalSeconds} s: whether the change is durable is not known.");
            batch = [];
            thread = Start(() =>
            {
                Recover(new StorageException(StorageFaultKind.OutcomeUnknown, problem), unanswered);
                Write();
            });
        }
    }

    private void WriteAll()
    {
        while (deferred.Count > 0 || queue.Wait())
        {
            batch.AddRange(deferred);
            deferred.Clear();
            while (TryTake())
            {
                // Until the queue is empty or the batch is full.
            }

            Linger();
            WriteBatch();
            lastBatchSize = batch.Count;
            batch.Clear();
        }
    }

    private bool TryTake()
    {
        if (batch.Count >= store.MaxBatch || !queue.TryTake(out var pending))
            return false;
        batch.Add(pending);
        return true;
    }

    // Waits briefly for the callers of the last batch to submit their next commands. A batch that starts with the first of them makes the
    // rest wait for one commit more, which halves the throughput where a commit is slow. The wait lasts for a fifth of a commit at most;
    // where commits are quick there is none.
    private void Linger()
    {
        if (lastCommitMicroseconds < SlowCommitMicroseconds || batch.Count >= lastBatchSize)
            return;
        var end = Clock.MonotonicMicroseconds() + Math.Min(lastCommitMicroseconds / 5, MaxLingerMicroseconds);
        while (batch.Count < lastBatchSize && Clock.MonotonicMicroseconds() < end)
        {
            if (!TryTake())
                Thread.Yield();
        }
    }

    private void WriteBatch()
    {
        var run = new BatchRun(store, writer, clock);
        Propagation propagation;
        try
        {
            propagation = run.Run(batch) is { } committed ? Apply(run, committed) : listener.Unchanged();
        }
        catch (Exception e) when (e is not CommitAbandonedException)
        {
            Recover(e, batch.FindAll(static pending => !pending.IsFailed));
            return;
        }

        lastCommitMicroseconds = run.CommitMicroseconds;
        foreach (var (inForce, commands) in run.TakeWaiting(propagation))
            _ = CompleteLater(commands, inForce);
        Complete(run.Survivors);
        deferred.AddRange(run.Deferred);
        Maintain();
    }

    private static async Task CompleteLater(List<PendingCommand> waiting, Task inForce)
    {
        await inForce;
        Complete(waiting);
    }

    private static void Complete(IEnumerable<PendingCommand> commands)
    {
        foreach (var pending in commands)
            pending.Complete();
    }

    private void Maintain()
    {
        try
        {
            store.Maintain(writer.Session);
        }
        catch (DbException)
        {
            // The next batch tries again. Maintenance may be late.
        }
    }

    // A durable batch that memory could not apply fails with an unknown outcome; the caller of this method makes memory forget everything.
    private Propagation Apply(BatchRun run, CommittedBatch batch)
    {
        try
        {
            var propagation = listener.Committed(batch with { Scopes = run.Scopes });
            run.Tell(batch.FirstSequence, propagation);
            return propagation;
        }
        catch (Exception e) when (e is not StorageException { Kind: StorageFaultKind.OutcomeUnknown })
        {
            throw new StorageException(StorageFaultKind.OutcomeUnknown, "The change is durable, and could not be brought into memory.", e);
        }
    }

    // Replaces the writer after a failure. A connection that was lost before COMMIT was sent has rolled the batch back: if another one
    // opens at once, the batch runs again, once. In every other case its commands fail.
    private void Recover(Exception cause, List<PendingCommand> batch)
    {
        var exception = cause is DbException e ? store.Translate(e) : cause;
        var doubtful = exception is not StorageException { Kind: StorageFaultKind.Unavailable };
        var repeatable = cause is DbException failure
            && store.IsConnectionLost(failure)
            && !batch.Exists(static pending => pending.Deferrals > 0);
        if (doubtful)
            listener.Forget();
        // Also once while the journal stops: the next command must not run in the failed transaction.
        do
        {
            try
            {
                Reopen();
                if (doubtful)
                    listener.Restore();
                break;
            }
            catch (Exception unopened) when (unopened is DbException or StorageException)
            {
                // The queued commands fail at once. Validations go on from memory under the lease.
                repeatable = false;
                Refuse(batch, exception);
                while (queue.TryTake(out var pending))
                    pending.Fail(unopened is DbException why ? store.Translate(why) : unopened);
                stop.WaitOne(RetryPauseMilliseconds);
            }
        }
        while (!stopping);

        if (!repeatable || stopping)
        {
            Refuse(batch, exception);
            return;
        }

        batch.ForEach(static pending => pending.Deferrals++);
        deferred.AddRange(batch);
    }

    private static void Refuse(List<PendingCommand> batch, Exception exception)
    {
        foreach (var pending in batch)
            pending.Fail(exception);
    }

    // The state of a connection after a failed transaction is unknown: the connection is replaced.
    private void Reopen()
    {
        try
        {
            writer.Dispose();
        }
        catch (DbException)
        {
            // The connection is discarded in any case.
        }

        writer = new Writer(store, store.OpenWriter());
    }
}
