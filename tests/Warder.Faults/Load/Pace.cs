using System.Diagnostics;

namespace Warder.Faults.Load;

/// <summary>Not more often than every so often: what was missed is not made up for, so that a load is never a burst.</summary>
internal sealed class Pace(TimeSpan interval)
{
    private long due = Stopwatch.GetTimestamp();

    /// <summary>As fast as it goes.</summary>
    public static Pace Unbounded => new(TimeSpan.Zero);

    public void Wait()
    {
        var now = Stopwatch.GetTimestamp();
        var wait = Stopwatch.GetElapsedTime(now, due);
        if (wait > TimeSpan.Zero)
            Thread.Sleep(wait);
        due = Math.Max(due, now) + (long)(interval.TotalSeconds * Stopwatch.Frequency);
    }
}
