using System.Diagnostics;

namespace Warder.Faults.Load;

/// <summary>How often several do something, each; may be changed at any time.</summary>
internal sealed class Tempo(TimeSpan interval)
{
    private long ticks = interval.Ticks;

    public TimeSpan Interval
    {
        get => new(Volatile.Read(ref ticks));
        set => Volatile.Write(ref ticks, value.Ticks);
    }
}

/// <summary>Lets one of them go on when it is time. What was missed is not made up for, so that a load is never a burst.</summary>
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
