using Warder.Core.Leases;
using Warder.Core.Time;
using Warder.Engine.Background;
using Warder.Engine.Keys;
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
    private readonly BackgroundHost background;
    private readonly Drain drain;
    private readonly ServerCertificate? certificate;
    private readonly Timer timer;
    private volatile HealthProblem? unansweringSince;
    private long readMicroseconds;
    private int looking;
    private volatile bool canRead;

    public Readiness(
        Store store, Lease lease, Availability availability, BackgroundHost background, Drain drain, ServerCertificate? certificate)
    {
        (this.store, this.lease, this.availability, this.background) = (store, lease, availability, background);
        (this.drain, this.certificate) = (drain, certificate);
        Look();
        timer = new Timer(static state => ((Readiness)state!).Look(), this, PeriodMilliseconds, PeriodMilliseconds);
    }

    /// <summary>
    /// Whether the node can answer now, from memory under its lease or by a read as of a second ago, and is not about to stop.
    /// </summary>
    public bool IsReady => !drain.IsUnderWay && CanAnswer;

    /// <summary>What is wrong with the node. Costs no I/O.</summary>
    public IReadOnlyList<HealthProblem> Problems()
    {
        var problems = new List<HealthProblem>();
        if (drain.Problem is { } stopping)
            problems.Add(stopping);
        if (!CanAnswer)
            problems.Add(Unanswering());
        else
            unansweringSince = null;
        if (certificate?.Problem is { } tls)
            problems.Add(tls);
        foreach (var work in background.Works)
        {
            if (work.Status is { Problem: { } message, ProblemAt: { } at })
                problems.Add(new HealthProblem("background_work", $"{work.Name}: {message}", KeyShapes.Time(at), IsBlocking: false));
        }

        return problems;
    }

    private bool CanAnswer
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

    private HealthProblem Unanswering()
    {
        var message = availability.Refusal ?? "The database cannot be read.";
        var since = unansweringSince?.Since ?? KeyShapes.Time(Clock.System.Now());
        return unansweringSince = new HealthProblem("database_unavailable", message, since, IsBlocking: true);
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
            if (CanAnswer)
                unansweringSince = null;
            else
                Unanswering();
            Volatile.Write(ref readMicroseconds, Clock.MonotonicMicroseconds());
            Volatile.Write(ref looking, 0);
        }
    }
}
