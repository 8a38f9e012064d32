using Warder.Core.Time;
using Warder.Storage;
using Warder.Storage.Nodes;

namespace Warder.Server.Nodes;

/// <summary>
/// Keeps this node's lease: registers an epoch, renews it four times in a lease's length, and begins a new epoch when the old one was fenced or the log got away from it.
/// </summary>
/// <remarks>A thread and a session of its own, so that nothing else can make it late.</remarks>
internal sealed class LeaseKeeper : IDisposable
{
    private const int RetryMilliseconds = 200;
    private const int FirstBackOffMilliseconds = 1_000;
    private const int MaxBackOffMilliseconds = 60_000;
    private static readonly long ForgiveMicroseconds = TimeSpan.FromMinutes(5).Ticks / TimeSpan.TicksPerMicrosecond;

    private readonly Peers peers;
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

    public LeaseKeeper(Peers peers)
    {
        this.peers = peers;
        thread = new Thread(Run) { IsBackground = true, Name = "lease" };
        thread.Start();
    }

    /// <summary>The epoch that is registered; zero when there is none.</summary>
    public long Epoch => Volatile.Read(ref epoch);

    /// <summary>Waits until the first lease is held, but no longer than this.</summary>
    public void WaitForFirst(TimeSpan timeout) => settled.Wait(timeout);

    /// <summary>Says that memory cannot follow the log event by event: a new epoch is due.</summary>
    public void FallBehind()
    {
        behind = true;
        wake.Set();
    }

    /// <summary>Gives the lease up, and with it the row that others would wait for.</summary>
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
                // Whatever it is, the lease runs out by itself. The epoch stays: it is renewed when the database is back, if nobody fenced it.
                peers.Unreachable(e);
                session?.Dispose();
                session = null;
            }

            wake.WaitOne(pause);
        }

        Leave();
    }

    // Registers or renews. Returns after how many milliseconds it wants to be called again.
    private int Step(Session session)
    {
        CloseRetired(session);
        if (Epoch == 0)
            Register(session, null);
        // Read before the renewal is sent: the lease counts from here.
        var asked = Clock.BootMicroseconds();
        var applied = peers.Follower.Position;
        if (NodeTable.Renew(session, Epoch, applied.Sequence) is not { } renewal)
            return Lost(session);
        if (!IsSamePast(applied, renewal))
            return Diverged(applied, renewal);
        if (fresh)
            peers.Follower.Begin(renewal.Head, session);
        else if (behind || !peers.Follower.CatchUp(session))
            return BeginAnew(session);
        fresh = false;
        peers.Touch();
        peers.Lease.Extend(asked + peers.Terms.HolderMicroseconds);
        peers.Held();
        settled.Set();
        // Nodes that were started together shall not renew together.
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

    // A row that nobody fenced stays as long as replicas hold leases from its time: changes must be able to wait for them.
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

    // Fenced: another epoch at once. Barred, since changes had to wait for this node again and again: not before a pause, which gets longer each time.
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

    // The database is another one, or an older one, than what this node has answered from. No lease on such ground.
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
            // Then the next change waits for the lease to be over, once.
        }

        session?.Dispose();
    }
}
