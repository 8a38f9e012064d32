using System.Diagnostics;

namespace Warder.Faults.Load;

/// <summary>Sets the rate of several threads, each; may change at any time.</summary>
internal sealed class Tempo(TimeSpan interval)
{
    private long ticks = interval.Ticks;

    public TimeSpan Interval
    {
        get => new(Volatile.Read(ref ticks));
        set => Volatile.Write(ref ticks, value.Ticks);
    }
}

/// <summary>Waits for the next turn of one thread. Missed turns are dropped, so that the load is never a burst.</summary>
internal sealed class Pace(Tempo tempo)
{
    private long due = Stopwatch.GetTimestamp();

    public void Wait()
    {
        var now = Stopwatch.GetTimestamp();
        var wait = Stopwatch.GetElapsedTime(now, due);
        if (wait > TimeSpan.Zero)
            Thread.Sleep(wait);
        due = Math.Max(due, now) + Meter.Ticks(tempo.Interval);
    }
}
