using Warder.Core.Receipts;
using Warder.Core.Time;
using Warder.Server.Replicas.Leases;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;
using Warder.Storage.Postgres;

namespace Warder.Server.Nodes;

/// <summary>
/// Waits, for each change of this node, until no node, and no replica of the change's environment, can answer from the state before it: each has acknowledged it, or lost
/// its lease. One thread asks the database for all changes that wait at once; the journal's writer waits for none.
/// </summary>
internal sealed class Barrier : IDisposable
{
    private const int MaxPauseMilliseconds = 5;
    // An acknowledgement over a healthy network takes a few round trips. So long it is asked for without a pause.
    private const long EagerMicroseconds = 2_000;

    private readonly Peers peers;
    private readonly Thread thread;
    private readonly Lock gate = new();
    private readonly AutoResetEvent news = new(initialState: false);
    private readonly List<ClusterPropagation> arrived = [];
    // By environment: one of all environments counts for each, and only that one counts for all.
    private readonly Dictionary<EnvironmentScope, long> completed = [];
    private Session? session;
    private volatile int waiting;
    private volatile bool stopping;

    public Barrier(Peers peers)
    {
        this.peers = peers;
        thread = new Thread(Run) { IsBackground = true, Name = "barrier" };
        thread.Start();
    }

    /// <summary>How a batch comes to be in force everywhere.</summary>
    /// <param name="wait">For what was committed; or, of callers that wrote nothing, for how far the log was when they had read. It counts from when the commit's answer had arrived.</param>
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

    /// <summary>Something may have come that a change waits for.</summary>
    public void Wake()
    {
        if (!stopping && waiting != 0)
            news.Set();
    }

    /// <summary>Waits until every change that was made is in force, and stops.</summary>
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
            if (Take(waits) is var untold && waits.Count == 0)
            {
                if (stopping)
                    break;
                news.WaitOne();
                continue;
            }

            Step(waits, untold);
            waits.RemoveAll(static wait => wait.IsOver);
            if (waits.Count > 0)
                Pause(waits);
        }

        session?.Dispose();
    }

    // Whether somebody has to be told.
    private bool Take(List<ClusterPropagation> waits)
    {
        lock (gate)
        {
            var any = arrived.Exists(static wait => !wait.IsTold);
            waits.AddRange(arrived);
            arrived.Clear();
            waiting = waits.Count;
            return any;
        }
    }

    // Whatever fails here is tried again, until time alone suffices.
    private void Step(List<ClusterPropagation> waits, bool untold)
    {
        Dictionary<long, NodeAcks>? acknowledged = null;
        try
        {
            session ??= peers.OpenSession();
            if (untold)
                LogNews.Tell(session);
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

    // Replicas that follow other nodes are known to these only. What cannot be read is left out: their nodes answer for them.
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

    // Of its own memory, and its replicas', a node need not be told by the database.
    private void MarkOwnAcked(List<ClusterPropagation> waits)
    {
        // The epoch first: what memory has by then, any later epoch has as well.
        var epoch = peers.Epoch;
        var acks = peers.Acks;
        waits.ForEach(wait => wait.MarkOwnAcked(epoch, acks));
    }

    // Whoever is left has no lease from before the change any more. Fencing it spares later changes the wait.
    private void Expire(ClusterPropagation wait)
    {
        foreach (var epoch in wait.Overdue(Clock.MonotonicMicroseconds()))
        {
            var outcome = Outcome.LeaseRanOut;
            try
            {
                if (session is not null && NodeTable.Fence(session, epoch, wait.Sequence))
                    peers.Fenced(epoch);
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

    // Answers the callers of each scope that is in force.
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
