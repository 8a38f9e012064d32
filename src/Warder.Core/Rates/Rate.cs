namespace Warder.Core.Rates;

/// <summary>
/// A rate with a burst, by the generic cell rate algorithm (GCRA). The whole state is one time: the theoretical arrival of the next request
/// if all requests arrived evenly. Pure: the time is an argument.
/// </summary>
/// <remarks>Thread-safe: the state is changed by compare-and-swap.</remarks>
public sealed class Rate
{
    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly long intervalMicroseconds;
    private readonly long toleranceMicroseconds;

    /// <summary>A rate.</summary>
    /// <param name="perSecond">Requests a second, 1 to 1,000,000.</param>
    /// <param name="burst">The number of requests, at least 1, that may arrive at once after an idle time.</param>
    public Rate(int perSecond, int burst)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perSecond, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(perSecond, MicrosecondsPerSecond);
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        // Rounded up: the rate is never exceeded.
        intervalMicroseconds = (MicrosecondsPerSecond + perSecond - 1) / perSecond;
        toleranceMicroseconds = intervalMicroseconds * (burst - 1);
    }

    /// <summary>Takes one request when it is within the rate.</summary>
    /// <param name="arrivalMicroseconds">The state; 0 at first.</param>
    /// <param name="nowMicroseconds">A monotonic clock, the same for all calls on one state.</param>
    /// <returns>
    /// 0 when the request was taken. Otherwise the microseconds until a request is within the rate; the state is unchanged.
    /// </returns>
    public long Take(ref long arrivalMicroseconds, long nowMicroseconds)
    {
        while (true)
        {
            var before = Volatile.Read(ref arrivalMicroseconds);
            var arrival = Math.Max(before, nowMicroseconds);
            var wait = arrival - nowMicroseconds - toleranceMicroseconds;
            if (wait > 0)
                return wait;
            if (Interlocked.CompareExchange(ref arrivalMicroseconds, arrival + intervalMicroseconds, before) == before)
                return 0;
        }
    }

    /// <summary>The wait that <see cref="Take"/> would return; nothing is taken.</summary>
    public long WaitFor(long arrivalMicroseconds, long nowMicroseconds)
        => Math.Max(0, Math.Max(arrivalMicroseconds, nowMicroseconds) - nowMicroseconds - toleranceMicroseconds);

    /// <summary>Whether a state is equivalent to a new one.</summary>
    public static bool IsIdle(long arrivalMicroseconds, long nowMicroseconds) => arrivalMicroseconds <= nowMicroseconds;
}
