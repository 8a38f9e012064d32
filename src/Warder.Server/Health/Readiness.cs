using Warder.Core.Leases;
using Warder.Core.Time;
using Warder.Engine.Nodes;
using Warder.Server.Hosting;
using Warder.Storage;

namespace Warder.Server.Health;

/// <summary>
/// Determines whether this node can answer. A timer, and not a request, reads the database once a second: health needs no key, and requests
/// of strangers must not cause reads.
/// </summary>
internal sealed class Readiness : IDisposable
{
    private const int PeriodMilliseconds = 1_000;

    // A read that takes longer than this means that the database does not answer.
    private const long StaleMicroseconds = 5_000_000;

    private readonly Store store;
    private readonly Lease lease;
    private readonly Availability availability;
    private readonly Timer timer;
    private long readMicroseconds;
    private int looking;
    private volatile bool canRead;

    public Readiness(Store store, Lease lease, Availability availability)
    {
        (this.store, this.lease, this.availability) = (store, lease, availability);
        Look();
        timer = new Timer(static state => ((Readiness)state!).Look(), this, PeriodMilliseconds, PeriodMilliseconds);
    }

    /// <summary>Whether the node can answer now: from memory under its lease; or by a read, as of a second ago.</summary>
    public bool IsReady
        => (!lease.IsPermanent && lease.IsHeld)
            || (availability.Refusal is null && canRead
                && Clock.MonotonicMicroseconds() - Volatile.Read(ref readMicroseconds) < StaleMicroseconds);

    public void Dispose()
    {
        using var ended = new ManualResetEvent(initialState: false);
        // The node's store is closed next: a read that is under way must end first.
        if (timer.Dispose(ended))
            ended.WaitOne();
    }

    private void Look()
    {
        if (Interlocked.Exchange(ref looking, 1) != 0)
            return;
        try
        {
            // Under a lease the node answers without the database.
            if (lease.IsPermanent || !lease.IsHeld)
                store.Read(Log.Head);
            canRead = true;
        }
        catch (Exception)
        {
            // Every exception is caught: a timer callback that throws ends the process.
            canRead = false;
        }
        finally
        {
            Volatile.Write(ref readMicroseconds, Clock.MonotonicMicroseconds());
            Volatile.Write(ref looking, 0);
        }
    }
}
