namespace Warder.Engine.Telemetry;

/// <summary>Allows one log line a second, and counts the suppressed lines. Thread-safe.</summary>
internal sealed class LogThrottle
{
    private const long PeriodMicroseconds = 1_000_000;

    private long lastMicroseconds = -PeriodMicroseconds;
    private long suppressed;

    /// <summary>Determines whether a line is due now; if not, counts it.</summary>
    /// <param name="nowMicroseconds">The monotonic clock.</param>
    /// <param name="count">The number of lines suppressed since the last one that was due.</param>
    public bool IsDue(long nowMicroseconds, out long count)
    {
        var last = Volatile.Read(ref lastMicroseconds);
        if (nowMicroseconds - last >= PeriodMicroseconds
            && Interlocked.CompareExchange(ref lastMicroseconds, nowMicroseconds, last) == last)
        {
            count = Interlocked.Exchange(ref suppressed, 0);
            return true;
        }

        Interlocked.Increment(ref suppressed);
        count = 0;
        return false;
    }
}
