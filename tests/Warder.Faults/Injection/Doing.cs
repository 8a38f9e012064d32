namespace Warder.Faults.Injection;

/// <summary>Faults that apply to nodes and applications alike.</summary>
internal static class Doing
{
    /// <summary>The leases under which verifiers answer from memory.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>The time in which a process that starts or resumes must serve again, on a busy machine.</summary>
    public static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(3), AfterPause = TimeSpan.FromSeconds(3);

    public static TimeSpan Within(Random random) => Lease * (0.05 + (0.6 * random.NextDouble()));

    public static TimeSpan Beyond(Random random) => Lease * (1.1 + (2 * random.NextDouble()));

    public static TimeSpan Between(Random random, double from, double to)
        => TimeSpan.FromSeconds(from + ((to - from) * random.NextDouble()));

    public static void Kill(Verifier verifier, Random random, Action<TimeSpan> wait)
    {
        verifier.Kill();
        wait(Between(random, 0, 3));
        verifier.Start();
    }

    public static void Leave(Verifier verifier, Random random, Action<TimeSpan> wait)
    {
        verifier.Stop();
        wait(Between(random, 0, 3));
        verifier.Start();
    }

    /// <summary>Stops verifiers, and continues them in that order.</summary>
    public static void Pause(TimeSpan time, Action<TimeSpan> wait, params Verifier[] verifiers)
    {
        foreach (var verifier in verifiers)
            verifier.Pause();
        wait(time);
        foreach (var verifier in verifiers)
            verifier.Continue();
    }

    public static void Cut(Action<Way, bool> cut, Way way, Random random, Action<TimeSpan> wait)
    {
        cut(way, true);
        wait(Between(random, 0.3, 6));
        cut(way, false);
    }
}
