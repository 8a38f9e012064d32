using Warder.Core.Time;
using Warder.Storage;
using Warder.Storage.Nodes;

namespace Warder.Engine.Nodes;

/// <summary>
/// Keeps this node's lease: registers an epoch, renews it four times in a lease's length, and registers a new epoch when the old one was
/// fenced or cannot follow the log.
/// </summary>
/// <remarks>It has a thread and a session of its own, so that no other work delays a renewal.</remarks>
internal sealed class LeaseKeeper : IDisposable
{
    private const int RetryMilliseconds = 200;
    private const int FirstBackOffMilliseconds = 1_000;
    private const int MaxBackOffMilliseconds = 60_000;
    private static readonly long ForgiveMicroseconds = TimeSpan.FromMinutes(5).Ticks / TimeSpan.TicksPerMicrosecond;

    private readonly ClusterMember peers;
    private readonly Thread thread;
    private readonly ManualResetEventSlim settled = new();
    private readonly AutoResetEvent wake = new(initialState: false);
    private readonly Queue<(long Epoch, long UntilMicroseconds)> retired = new();
    private Session? session;
    private long epoch;
    private bool fresh;
    private long barredSinceMicroseconds;
    private int backOffMilliseconds = FirstBackOffMilliseconds;
    private volatile bool behind;
    private volatile bool stopping;

    public LeaseKeeper(ClusterMember peers)
    {
        this.peers = peers;
        thread = new Thread(Run) { IsBackground = true, Name = "lease" };
        thread.Start();
    }

    /// <summary>The registered epoch; zero: there is none.</summary>
    public long Epoch => Volatile.Read(ref epoch);

    /// <summary>Waits for the first lease, up to a time.</summary>
    public void WaitForFirst(TimeSpan timeout) => settled.Wait(timeout);

    /// <summary>Requests a new epoch: memory cannot follow the log event by event.</summary>
    public void FallBehind()
    {
        behind = true;
        wake.Set();
    }

    /// <summary>Releases the lease and removes the row that changes would wait for.</summary>
    public void Dispose()
    {
        stopping = true;
        wake.Set();
        thread.Join();
        wake.Dispose();
        settled.Dispose();
    }

    private void Run()
    {
        while (!stopping)
        {
            var pause = RetryMilliseconds;
            try
            {
                session ??= peers.OpenSession();
                pause = Step(session);
            }
            catch (Exception e)
            {
                // On any failure the lease runs out by itself. The epoch stays, and is renewed when the database is back, unless it was
                // fenced.
                peers.Unreachable(e);
                session?.Dispose();
                session = null;
            }

            wake.WaitOne(pause);
        }

        Leave();
    }

    // Registers or renews. Returns the milliseconds until the next call is due.
    private int Step(Session session)
    {
        CloseRetired(session);
        if (Epoch == 0)
            Register(session, null);
        // The clock is read before the renewal is sent: the lease counts from here.
        var renewedAt = Clock.BootMicroseconds();
        var applied = peers.LogApplier.Position;
        if (NodeTable.Renew(session, Epoch, applied.Sequence) is not { } renewal)
            return Lost(session);
        if (!IsSamePast(applied, renewal))
            return Diverged(applied, renewal);
        if (fresh)
            peers.LogApplier.Begin(renewal.Head, session);
        else if (behind || !peers.LogApplier.CatchUp(session))
            return BeginAnew(session);
        fresh = false;
        peers.Touch();
        peers.Lease.Extend(renewedAt + peers.Terms.HolderMicroseconds);
        peers.Held();
        settled.Set();
        // Jitter spreads the renewals of nodes that were started together.
        return peers.Terms.RenewalMilliseconds - peers.Jitter(peers.Terms.RenewalMilliseconds / 4);
    }

    private void Register(Session session, long? before)
    {
        peers.Lease.Drop();
        var next = peers.NewRegistration();
        NodeTable.Register(session, next, before);
        Volatile.Write(ref epoch, next.Epoch);
        (fresh, behind) = (true, false);
    }

    // A row that is not fenced stays while replicas hold leases of its epoch: changes must wait for them.
    private void Retire()
    {
        peers.Lease.Drop();
        retired.Enqueue((Epoch, peers.ReplicasUntilMicroseconds));
        Volatile.Write(ref epoch, 0);
    }

    private void CloseRetired(Session session)
    {
        while (retired.TryPeek(out var oldest) && Clock.BootMicroseconds() >= oldest.UntilMicroseconds)
        {
            NodeTable.Close(session, oldest.Epoch);
            retired.Dequeue();
        }
    }

    // After a fence another epoch registers at once. After a bar it registers after a pause, which gets longer each time.
    private int Lost(Session session)
    {
        peers.Lease.Drop();
        var lost = Epoch;
        var now = Clock.MonotonicMicroseconds();
        if (!NodeTable.IsBarred(session, lost))
        {
            peers.Rejoining("it was fenced");
            Register(session, lost);
            return 0;
        }

        if (now - barredSinceMicroseconds > ForgiveMicroseconds)
            backOffMilliseconds = FirstBackOffMilliseconds;
        barredSinceMicroseconds = now;
        Retire();
        CloseRetired(session);
        var pause = backOffMilliseconds;
        backOffMilliseconds = Math.Min(backOffMilliseconds * 2, MaxBackOffMilliseconds);
        peers.Barred(pause);
        return pause;
    }

    private int BeginAnew(Session session)
    {
        peers.Rejoining("the log was too far ahead");
        Retire();
        return 0;
    }

    private static bool IsSamePast(LogPosition applied, Renewal renewal)
        => renewal.Head.Sequence >= applied.Sequence
            && (applied.Sequence == 0 || (renewal.HashAtApplied is { } hash && hash.AsSpan().SequenceEqual(applied.Hash)));

    // The log is not the one that this node has answered from: another database, or an older state of it. It gets no lease.
    private int Diverged(LogPosition applied, Renewal renewal)
    {
        peers.Lease.Drop();
        peers.Diverged(applied.Sequence, renewal.Head.Sequence);
        stopping = true;
        return 0;
    }

    private void Leave()
    {
        peers.Lease.Drop();
        try
        {
            if (session is not null)
            {
                CloseRetired(session);
                if (Epoch != 0)
                    NodeTable.Close(session, Epoch);
            }
        }
        catch (Exception)
        {
            // The row stays: the next change waits for the end of the lease, once.
        }

        session?.Dispose();
    }
}
