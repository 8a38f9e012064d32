namespace Warder.Engine.Telemetry;

/// <summary>Lets one log line pass in a second, and counts those that it stands for. Thread-safe.</summary>
internal sealed class LogThrottle
{
    private const long PeriodMicroseconds = 1_000_000;

    private long lastMicroseconds = -PeriodMicroseconds;
    private long suppressed;

    /// <summary>Whether a line is due now; if not, it is counted.</summary>
    /// <param name="nowMicroseconds">The monotonic clock.</param>
    /// <param name="count">How many lines were not due since the last that was.</param>
    public bool IsDue(long nowMicroseconds, out long count)
    {
        var last = Volatile.Read(ref lastMicroseconds);
        if (nowMicroseconds - last >= PeriodMicroseconds && Interlocked.CompareExchange(ref lastMicroseconds, nowMicroseconds, last) == last)
        {
            count = Interlocked.Exchange(ref suppressed, 0);
            return true;
        }

        Interlocked.Increment(ref suppressed);
        count = 0;
        return false;
    }
}
