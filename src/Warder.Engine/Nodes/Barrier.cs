using Warder.Core.Receipts;
using Warder.Core.Time;
using Warder.Engine.Replicas.Leases;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;
using Warder.Storage.Postgres;

namespace Warder.Engine.Nodes;

/// <summary>
/// Waits, for each change of this node, until every node and every replica of the change's environment has acknowledged it or lost its
/// lease. One thread polls the database for all pending changes; the journal's writer never waits for them.
/// </summary>
internal sealed class Barrier : IDisposable
{
    private const int MaxPauseMilliseconds = 5;
    // An acknowledgement over a healthy network takes a few round trips. For that long the database is polled without a pause.
    private const long EagerMicroseconds = 2_000;

    private readonly ClusterMember peers;
    private readonly Thread thread;
    private readonly Lock gate = new();
    private readonly AutoResetEvent news = new(initialState: false);
    private readonly List<ClusterPropagation> arrived = [];
    // The last completed barrier by environment. A barrier of all environments counts for each of them, and no other counts for all.
    private readonly Dictionary<EnvironmentScope, long> completed = [];
    private Session? session;
    private volatile int waiting;
    private volatile bool stopping;

    public Barrier(ClusterMember peers)
    {
        this.peers = peers;
        thread = new Thread(Run) { IsBackground = true, Name = "barrier" };
        thread.Start();
    }

    /// <summary>Adds a batch to wait for.</summary>
    /// <param name="wait">
    /// The batch; or, for callers that wrote nothing, the head of the log that they read. The wait counts from the answer to COMMIT.
    /// </param>
    public Propagation InForce(ClusterPropagation wait)
    {
        foreach (var scope in wait.Open)
        {
            if (IsCompleted(scope, wait.Sequence))
                wait.Complete(scope);
        }

        MarkOwnAcked([wait]);
        Finish(wait, isNamed: false);
        if (wait.IsOver)
            return wait;
        lock (gate)
            arrived.Add(wait);
        waiting = 1;
        news.Set();
        return wait;
    }

    /// <summary>Wakes the thread: an acknowledgement may have arrived.</summary>
    public void Wake()
    {
        if (!stopping && waiting != 0)
            news.Set();
    }

    /// <summary>Waits until every pending change is in force, and stops.</summary>
    public void Dispose()
    {
        stopping = true;
        news.Set();
        thread.Join();
        news.Dispose();
    }

    private void Run()
    {
        var waits = new List<ClusterPropagation>();
        while (true)
        {
            if (Take(waits) is var mustNotify && waits.Count == 0)
            {
                if (stopping)
                    break;
                news.WaitOne();
                continue;
            }

            Step(waits, mustNotify);
            waits.RemoveAll(static wait => wait.IsOver);
            if (waits.Count > 0)
                Pause(waits);
        }

        session?.Dispose();
    }

    // Moves the arrived batches to the waits. Returns whether the other nodes have to be woken.
    private bool Take(List<ClusterPropagation> waits)
    {
        lock (gate)
        {
            var any = arrived.Exists(static wait => !wait.IsNotified);
            waits.AddRange(arrived);
            arrived.Clear();
            waiting = waits.Count;
            return any;
        }
    }

    // A failure is retried until the length of a lease has passed, which suffices by itself.
    private void Step(List<ClusterPropagation> waits, bool mustNotify)
    {
        Dictionary<long, NodeAcks>? acknowledged = null;
        try
        {
            session ??= peers.OpenSession();
            if (mustNotify)
                LogNotifications.Notify(session);
            acknowledged = NodeTable.Acknowledged(session);
        }
        catch (Exception)
        {
            Forget();
        }

        if (acknowledged is not null)
            waits.ForEach(wait => wait.MarkAcked(acknowledged));
        MarkOwnAcked(waits);
        waits.ForEach(Expire);
        Name(waits);
        waits.ForEach(wait => Finish(wait, isNamed: true));
    }

    // Only a replica's own node knows the replica. A receipt omits the states that cannot be read here: the acknowledgement of the node
    // covers its replicas.
    private void Name(List<ClusterPropagation> waits)
    {
        try
        {
            var unnamed = waits.FindAll(static wait => wait.Open.Any(scope => wait.IsPast(scope) && wait.NeedsStates(scope)));
            if (session is null || unnamed.Count == 0)
                return;
            var states = NodeTable.Replicas(session).ToDictionary(static each => each.Key, static each => ReplicaAckState.Read(each.Value));
            unnamed.ForEach(wait => wait.Take(states));
        }
        catch (Exception)
        {
            Forget();
        }
    }

    // The node knows the acknowledgements of its own memory and replicas without the database.
    private void MarkOwnAcked(List<ClusterPropagation> waits)
    {
        // The epoch is read before the position: a later epoch has applied at least as much.
        var epoch = peers.Epoch;
        var acks = peers.Acks;
        waits.ForEach(wait => wait.MarkOwnAcked(epoch, acks));
    }

    // The remaining epochs have no lease from before the change any more. A fence spares later changes the wait for them.
    private void Expire(ClusterPropagation wait)
    {
        foreach (var epoch in wait.Overdue(Clock.MonotonicMicroseconds()))
        {
            var outcome = Outcome.LeaseRanOut;
            try
            {
                if (session is not null && NodeTable.Fence(session, epoch, wait.Sequence))
                    peers.Fenced(wait.NodeOf(epoch).Name, wait.NodeOf(epoch).Id);
                else if (session is not null && NodeTable.IsWaitedFor(session, epoch))
                    outcome = Outcome.RenewedPast;
            }
            catch (Exception)
            {
                Forget();
            }

            wait.Expire(epoch, outcome);
        }
    }

    // Completes the scopes that are in force.
    private void Finish(ClusterPropagation wait, bool isNamed)
    {
        foreach (var scope in wait.Open)
        {
            if (!wait.IsPast(scope) || (!isNamed && wait.NeedsStates(scope)))
                continue;
            lock (gate)
                completed[scope] = Math.Max(completed.GetValueOrDefault(scope), wait.Sequence);
            wait.Complete(scope);
        }
    }

    private bool IsCompleted(EnvironmentScope scope, long sequence)
    {
        lock (gate)
            return completed.GetValueOrDefault(scope) >= sequence || completed.GetValueOrDefault(EnvironmentScope.All) >= sequence;
    }

    private void Pause(List<ClusterPropagation> waits)
    {
        var age = Clock.MonotonicMicroseconds() - waits.Max(wait => wait.SinceMicroseconds);
        if (session is null || age > EagerMicroseconds)
            news.WaitOne((int)Math.Clamp(age / 2_000, 1, MaxPauseMilliseconds));
    }

    private void Forget()
    {
        session?.Dispose();
        session = null;
    }
}
