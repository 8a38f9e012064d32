using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Storage;

namespace Warder.Server.Health;

/// <summary>
/// Whether this node can answer. The database is looked at once a second, by a timer and not by requests: health needs no key, and a
/// stranger must not make the node read.
/// </summary>
internal sealed class Readiness : IDisposable
{
    private const int PeriodMilliseconds = 1_000;

    // A look that takes longer than this has found a database that does not answer.
    private const long StaleMicroseconds = 5_000_000;

    private readonly Node node;
    private readonly Timer timer;
    private long readMicroseconds;
    private int looking;
    private volatile bool canRead;

    public Readiness(Node node)
    {
        this.node = node;
        Look();
        timer = new Timer(static state => ((Readiness)state!).Look(), this, PeriodMilliseconds, PeriodMilliseconds);
    }

    /// <summary>Whether it can answer now: from memory under its lease; or by reading, as of a second ago.</summary>
    public bool IsReady
        => (!node.Lease.IsPermanent && node.Lease.IsHeld)
            || (node.Refusal is null && canRead && Clock.MonotonicMicroseconds() - Volatile.Read(ref readMicroseconds) < StaleMicroseconds);

    public void Dispose()
    {
        using var ended = new ManualResetEvent(initialState: false);
        // The node's store is closed next: a look that is under way must end first.
        if (timer.Dispose(ended))
            ended.WaitOne();
    }

    private void Look()
    {
        if (Interlocked.Exchange(ref looking, 1) != 0)
            return;
        try
        {
            // Under a lease the node answers whatever the database does.
            if (node.Lease.IsPermanent || !node.Lease.IsHeld)
                node.Store.Read(Log.Head);
            canRead = true;
        }
        catch (Exception)
        {
            // Whatever it is: a timer that throws ends the process.
            canRead = false;
        }
        finally
        {
            Volatile.Write(ref readMicroseconds, Clock.MonotonicMicroseconds());
            Volatile.Write(ref looking, 0);
        }
    }
}
