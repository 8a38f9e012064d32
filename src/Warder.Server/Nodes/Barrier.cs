using Warder.Core.Receipts;
using Warder.Core.Time;
using Warder.Server.Replicas.Leases;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;
using Warder.Storage.Postgres;

namespace Warder.Server.Nodes;

/// <summary>
/// Waits, for each change of this node, until no node can answer from the state before it: each has acknowledged it, or lost its lease. One thread asks the database
/// for all changes that wait at once; the journal's writer waits for none.
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
    private readonly List<Wait> arrived = [];
    private Session? session;
    private long completed;
    private volatile bool stopping;

    public Barrier(Peers peers)
    {
        this.peers = peers;
        thread = new Thread(Run) { IsBackground = true, Name = "barrier" };
        thread.Start();
    }

    /// <summary>Everything up to this number is in force everywhere.</summary>
    public long Completed => Volatile.Read(ref completed);

    /// <summary>How a batch comes to be in force everywhere.</summary>
    /// <param name="wait">For what was committed; or, of callers that wrote nothing, for how far the log was when they had read. It counts from when the commit's answer had arrived.</param>
    public Propagation InForce(Wait wait)
    {
        if (wait.Sequence <= Completed)
            return Propagation.Done;
        StrikeOwn(wait);
        if (wait.IsOver)
        {
            Complete(wait);
            return wait;
        }

        lock (gate)
            arrived.Add(wait);
        news.Set();
        return wait;
    }

    /// <summary>Something may have come that a change waits for.</summary>
    public void Wake()
    {
        if (!stopping)
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
        var waits = new List<Wait>();
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
            Finish(waits);
            if (waits.Count > 0)
                Pause(waits);
        }

        session?.Dispose();
    }

    // Whether somebody has to be told.
    private bool Take(List<Wait> waits)
    {
        lock (gate)
        {
            var any = arrived.Exists(static wait => !wait.IsTold);
            waits.AddRange(arrived);
            arrived.Clear();
            return any;
        }
    }

    // Whatever fails here is tried again, until time alone suffices.
    private void Step(List<Wait> waits, bool untold)
    {
        Dictionary<long, Acknowledgement>? acknowledged = null;
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

        foreach (var wait in waits)
        {
            if (acknowledged is not null)
                wait.Strike(acknowledged);
            StrikeOwn(wait);
            if (!wait.IsOver)
                Expire(wait);
        }

        Name(waits);
    }

    // Those who follow other nodes are known to these only. What cannot be read is left out: their nodes answer for them.
    private void Name(List<Wait> waits)
    {
        try
        {
            if (session is not null && waits.Exists(static wait => wait.IsOver && wait.NeedsNotes))
            {
                var notes = NodeTable.Replicas(session).ToDictionary(static each => each.Key, static each => ReplicaAckState.Read(each.Value));
                waits.ForEach(wait => wait.Take(notes));
            }
        }
        catch (Exception)
        {
            Forget();
        }
    }

    // Of its own memory, and its replicas', a node need not be told by the database.
    private void StrikeOwn(Wait wait)
    {
        if (peers.Acknowledged >= wait.Sequence)
            wait.StrikeOwn(peers.Epoch);
    }

    // Whoever is left has no lease from before the change any more. Fencing it spares later changes the wait.
    private void Expire(Wait wait)
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

    private void Finish(List<Wait> waits) => waits.RemoveAll(wait =>
    {
        if (!wait.IsOver)
            return false;
        Complete(wait);
        return true;
    });

    private void Complete(Wait wait)
    {
        lock (gate)
            Volatile.Write(ref completed, Math.Max(completed, wait.Sequence));
        wait.End();
    }

    private void Pause(List<Wait> waits)
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
