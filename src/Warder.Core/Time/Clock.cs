using System.Diagnostics;

namespace Warder.Core.Time;

/// <summary>
/// The one home of clocks. Everything else takes an <see cref="Instant"/> as an argument.
/// </summary>
/// <remarks>Thread-safe. <see cref="Now"/> never runs backwards within a process, whatever the machine's wall clock does.</remarks>
public sealed class Clock
{
    private long latestUnixMilliseconds;

    /// <summary>The process's clock.</summary>
    public static Clock System { get; } = new();

    private Clock()
    {
    }

    /// <summary>Now, in UTC; never earlier than a value that was returned before.</summary>
    public Instant Now()
    {
        var read = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var latest = Volatile.Read(ref latestUnixMilliseconds);
        while (read > latest)
        {
            var seen = Interlocked.CompareExchange(ref latestUnixMilliseconds, read, latest);
            if (seen == latest)
                return new Instant(read);
            latest = seen;
        }

        return new Instant(latest);
    }

    /// <summary>Elapsed time that does not follow changes of the wall clock.</summary>
    public static long MonotonicMicroseconds() => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
}
