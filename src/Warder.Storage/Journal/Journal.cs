using System.Data.Common;
using Warder.Core.Faults;
using Warder.Core.Time;

namespace Warder.Storage.Journal;

/// <summary>
/// A node's one writer. Commands queue to it; it drains what waits into one transaction, each command with a way back, appends their events to the log,
/// and commits: one sync serves every caller. A caller is answered when the commit is durable and the listener has applied it.
/// </summary>
/// <remarks>Thread-safe. A refused command writes nothing and does not disturb its batch; when a batch cannot be committed, all of it fails.</remarks>
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
    // Whom its commit answers.
    private List<PendingCommand> batch = [];
    // Put off by the last batch: they begin the next one.
    private readonly List<PendingCommand> again = [];
    private long lastCommitMicroseconds;
    private long refused;
    private int lastCohort;

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
    /// Queues a command and waits until its batch is durable and in force. The command runs on the writer's thread. It may run more than once, when other nodes were
    /// in its way: all but the last time nothing of it stays, so what it does besides reading and writing through its context must bear that.
    /// </summary>
    /// <param name="command">What it does.</param>
    /// <param name="origin">Whose turn it takes, and the environment that its answer depends on, beside those of the events that it appends.</param>
    /// <param name="committed">Told, on the writer's thread, that what the command has changed for verifiers is durable; it is not in force yet. Not called when it has changed nothing for them.</param>
    /// <exception cref="StorageException">Nothing was written, or it is not known whether it was.</exception>
    public Task<Result<T>> Submit<T>(Func<CommandContext, Result<T>> command, CommandOrigin origin, Action<Commitment>? committed = null)
        => Submit(command, origin, new EnvironmentScope(origin.Environment), committed);

    /// <summary>The same, of the server itself, with what its answer depends on.</summary>
    public Task<Result<T>> Submit<T>(Func<CommandContext, Result<T>> command, EnvironmentScope scope) => Submit(command, CommandOrigin.Server, scope, null);

    private Task<Result<T>> Submit<T>(Func<CommandContext, Result<T>> command, CommandOrigin origin, EnvironmentScope? scope, Action<Commitment>? committed)
    {
        var pending = new PendingCommand<T>(command, committed) { Scope = scope };
        if (!queue.TryAdd(pending, origin))
        {
            Interlocked.Increment(ref refused);
            pending.Fail(new StorageException(
                StorageFaultKind.Unavailable, "Too many changes of this environment or management key wait to be written, or the server is stopping. Nothing was written."));
        }

        return pending.Task;
    }

    /// <summary>The same for a command of the server's own.</summary>
    /// <param name="command">What it does.</param>
    /// <exception cref="StorageException">Nothing was written, or it is not known whether it was.</exception>
    public Task<Result<T>> Submit<T>(Func<CommandContext, Result<T>> command) => Submit(command, CommandOrigin.Server, scope: null, committed: null);

    /// <summary>How many commands were refused because too many waited.</summary>
    public long Refused => Volatile.Read(ref refused);

    /// <summary>Writes what waits, and stops.</summary>
    public void Dispose()
    {
        queue.Complete();
        stopping = true;
        stop.Set();
        while (!HasEnded(thread))
        {
            // A commit is under way, which may yet be given up.
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
        catch (GivenUpException)
        {
            // Another thread goes on.
        }
    }

    // Called by a timer. Whoever waits for a commit that goes unanswered is told so, and others get another writer.
    private void Watch(TimeSpan patience)
    {
        lock (turnover)
        {
            if (!writer.TryGiveUp(patience))
                return;
            var (unanswered, problem) = (batch, $"The database has not answered a commit within {patience.TotalSeconds} s: whether the change is durable is not known.");
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
        while (again.Count > 0 || queue.Wait())
        {
            batch.AddRange(again);
            again.Clear();
            while (TryTake())
            {
                // There is more.
            }

            Linger();
            WriteBatch();
            lastCohort = batch.Count;
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

    // Those whom the last commit answered are about to come again. Who starts with the first of them leaves the others to wait for a whole commit more, and where a
    // commit is slow that halves what a second can hold. So it waits for as many as there were, for a fifth of a commit at most; where commits are quick, not at all.
    private void Linger()
    {
        if (lastCommitMicroseconds < SlowCommitMicroseconds || batch.Count >= lastCohort)
            return;
        var end = Clock.MonotonicMicroseconds() + Math.Min(lastCommitMicroseconds / 5, MaxLingerMicroseconds);
        while (batch.Count < lastCohort && Clock.MonotonicMicroseconds() < end)
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
        catch (Exception e) when (e is not GivenUpException)
        {
            Recover(e, batch.FindAll(static pending => !pending.IsFailed));
            return;
        }

        lastCommitMicroseconds = run.CommitMicroseconds;
        foreach (var (inForce, commands) in run.TakeWaiting(propagation))
            _ = CompleteLater(commands, inForce);
        Complete(run.Survivors);
        again.AddRange(run.Deferred);
        Tidy();
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

    private void Tidy()
    {
        try
        {
            store.Tidy(writer.Session);
        }
        catch (DbException)
        {
            // It is tried again after the next batch; nothing is lost.
        }
    }

    // What is durable and could not be applied must not be answered from: memory is forgotten, and the callers are told what is known.
    private Propagation Apply(BatchRun run, CommittedBatch batch)
    {
        try
        {
            var propagation = listener.Committed(batch with { Scopes = run.Scopes });
            run.Tell(batch.FirstSequence, propagation);
            return propagation;
        }
        catch (Exception e)
        {
            throw new StorageException(StorageFaultKind.OutcomeUnknown, "The change is durable, and could not be brought into memory.", e);
        }
    }

    // A connection that was lost before the commit was sent has taken everything back with it: if there is another one at once, the batch runs again, once.
    private void Recover(Exception cause, List<PendingCommand> batch)
    {
        var exception = cause is DbException e ? store.Translate(e) : cause;
        var doubtful = exception is not StorageException { Kind: StorageFaultKind.Unavailable };
        var repeatable = cause is DbException failure && store.IsConnectionLost(failure) && !batch.Exists(static pending => pending.Deferrals > 0);
        if (doubtful)
            listener.Forget();
        // Once while it stops, too: what comes next must not find the transaction that failed.
        do
        {
            try
            {
                Reopen();
                if (doubtful)
                    listener.Restore();
                break;
            }
            catch (Exception again) when (again is DbException or StorageException)
            {
                // Whoever waits hears so now; what is validated goes on from what memory may still know.
                repeatable = false;
                Refuse(batch, exception);
                while (queue.TryTake(out var pending))
                    pending.Fail(again is DbException why ? store.Translate(why) : again);
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
        again.AddRange(batch);
    }

    private static void Refuse(List<PendingCommand> batch, Exception exception)
    {
        foreach (var pending in batch)
            pending.Fail(exception);
    }

    // A connection whose transaction failed is in a state that is not worth knowing.
    private void Reopen()
    {
        try
        {
            writer.Dispose();
        }
        catch (DbException)
        {
            // It is being thrown away.
        }

        writer = new Writer(store, store.OpenWriter());
    }
}
