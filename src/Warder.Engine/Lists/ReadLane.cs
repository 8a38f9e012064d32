using Warder.Core.Faults;
using Warder.Core.Queues;
using Warder.Core.Time;
using Warder.Engine.Management;
using Warder.Storage;

namespace Warder.Engine.Lists;

/// <summary>
/// Runs the reads with a cost that the caller chooses: lists, and dry runs of endings of owners. A few threads of its own run them, each
/// read on one snapshot and within a deadline, so that validations keep their threads and the write-ahead file is not held. Environments
/// take turns, and within each its management keys. The threads have a low priority: where every processor is busy, decisions and changes
/// come first.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ReadLane : IDisposable
{
    /// <summary>The number of reads that run at a time.</summary>
    public const int Width = 4;

    /// <summary>The longest time of one read, in milliseconds.</summary>
    public const int DeadlineMilliseconds = 2_000;

    private const int MostWaitMilliseconds = 10_000;

    // One environment never has the whole lane, and one key never the whole share of its environment.
    private static readonly FairShares Shares = new(
        Waiting: 1_024, WaitingOfEnvironment: 128, WaitingOfKey: 64) { RunningOfEnvironment = Width - 1, RunningOfKey = 2 };

    private readonly Store store;
    private readonly TimeSpan deadline;
    private readonly object gate = new();
    private readonly FairQueue<Waiting> queue = new(Shares);
    private readonly List<Thread> threads = [];
    private bool stopping;
    private long ran;
    private long refused;
    private long timedOut;

    /// <summary>Creates a lane over a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="deadline">The longest time of one read; null: <see cref="DeadlineMilliseconds"/>.</param>
    public ReadLane(Store store, TimeSpan? deadline = null)
        => (this.store, this.deadline) = (store, deadline ?? TimeSpan.FromMilliseconds(DeadlineMilliseconds));

    /// <summary>The number of reads that have begun.</summary>
    public long Ran => Volatile.Read(ref ran);

    /// <summary>The number of reads refused because too many waited.</summary>
    public long Refused => Volatile.Read(ref refused);

    /// <summary>The number of reads ended at their deadline.</summary>
    public long TimedOut => Volatile.Read(ref timedOut);

    /// <summary>The number of waiting reads.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return queue.Count;
        }
    }

    /// <summary>Runs a read in its turn.</summary>
    /// <param name="caller">The caller. Its environment and management key take the turn.</param>
    /// <param name="read">The read. It may run twice, when the connection was lost.</param>
    /// <param name="isWanted">
    /// Called when the turn comes: determines whether the caller still waits, and may still read. Otherwise the task is cancelled.
    /// </param>
    /// <returns>The result, or the fault that refuses the read: too many wait, or it exceeded its deadline.</returns>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    public Task<Result<T>> Run<T>(Caller caller, Func<Session, Result<T>> read, Func<bool> isWanted)
    {
        var waiting = new Waiting<T>(this, caller, read, isWanted);
        lock (gate)
        {
            if (stopping || !queue.TryAdd(waiting.Environment, waiting.Key, waiting))
                waiting.Refuse();
            else
                Wake();
        }

        return waiting.Task;
    }

    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
            Monitor.PulseAll(gate);
        }

        threads.ForEach(static thread => thread.Join());
    }

    // Each of the first reads starts a thread, up to the lane's width.
    private void Wake()
    {
        if (threads.Count < Width)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = "reads" };
            threads.Add(thread);
            thread.Start();
        }

        Monitor.Pulse(gate);
    }

    private void Work()
    {
        SchedulingPriority.Lower(SchedulingPriority.Lists);
        while (Take() is { } waiting)
        {
            Interlocked.Increment(ref ran);
            waiting.Run();
            lock (gate)
            {
                queue.Done(waiting.Environment, waiting.Key);
                Monitor.Pulse(gate);
            }
        }
    }

    private Waiting? Take()
    {
        lock (gate)
        {
            while (true)
            {
                if (queue.TryTake(out var waiting))
                    return waiting;
                if (stopping)
                    return null;
                Monitor.Wait(gate);
            }
        }
    }

    private Fault TooMany()
    {
        Interlocked.Increment(ref refused);
        return new Fault(
            FaultKind.Unavailable, "too_many_reads",
            "Too many lists and dry runs of this environment or management key wait already. Send fewer at a time, and this one later.");
    }

    private Fault TooLong()
    {
        Interlocked.Increment(ref timedOut);
        return new Fault(
            FaultKind.Unavailable, "read_timeout",
            $"The read took longer than {deadline.TotalSeconds} s. Ask for less: name an owner,"
            + " take away filters, or lower the limit; or try again later.");
    }

    private abstract class Waiting(Caller caller)
    {
        protected readonly long sinceMicroseconds = Clock.MonotonicMicroseconds();

        public int Environment { get; } = caller.Environment;

        public string Key { get; } = caller.ManagementKeyId ?? "";

        public abstract void Run();
    }

    private sealed class Waiting<T>(ReadLane lane, Caller caller, Func<Session, Result<T>> read, Func<bool> isWanted) : Waiting(caller)
    {
        private readonly TaskCompletionSource<Result<T>> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Result<T>> Task => completion.Task;

        public void Refuse() => completion.SetResult(lane.TooMany());

        public override void Run()
        {
            try
            {
                if (Clock.MonotonicMicroseconds() - sinceMicroseconds > MostWaitMilliseconds * 1_000L)
                    Refuse();
                else if (!isWanted())
                    completion.SetCanceled();
                else
                    completion.SetResult(lane.store.ReadSnapshotWithin(lane.deadline, read));
            }
            catch (StorageException e) when (e.Kind == StorageFaultKind.TimedOut)
            {
                completion.SetResult(lane.TooLong());
            }
            catch (Exception e)
            {
                completion.SetException(e);
            }
        }
    }
}
