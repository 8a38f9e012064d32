using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Warder.Core.Time;

/// <summary>
/// The only source of time. All other code takes an <see cref="Instant"/> as an argument.
/// </summary>
/// <remarks>Thread-safe. <see cref="Now"/> never runs backwards within a process, also when the machine's wall clock does.</remarks>
public sealed partial class Clock
{
    private const int LinuxBootTime = 7;
    private const int AppleMonotonic = 6;

    // .NET's own clocks stand still while a machine is suspended. These count on: clock_gettime(2) on Linux, clock_gettime(3) on Apple's
    // systems.
    private static readonly int BootSource = OperatingSystem.IsLinux() ? LinuxBootTime : AppleMonotonic;
    private static readonly bool IsUnix = !OperatingSystem.IsWindows();

    private readonly Func<long>? wall;
    private readonly Lock behind = new();
    private long latestUnixMilliseconds;
    // While the wall clock is behind the latest value, time continues from the anchor by the time since the machine started.
    private (long UnixMilliseconds, long BootMicroseconds, long Latest) anchor;

    /// <summary>The process's clock.</summary>
    public static Clock System { get; } = new();

    private Clock()
    {
    }

    /// <summary>Creates a clock over another wall clock, for tests.</summary>
    /// <param name="wall">Reads the wall clock, in Unix milliseconds.</param>
    public Clock(Func<long> wall) => this.wall = wall;

    /// <summary>By how much the machine's wall clock is behind this clock.</summary>
    public long MillisecondsBehind => Math.Max(0, Volatile.Read(ref latestUnixMilliseconds) - Wall());

    /// <summary>Now, in UTC; never earlier than a value that was returned before, nor than the floor.</summary>
    /// <remarks>When the wall clock is set back, time continues from the last value, at the rate of the monotonic clock.</remarks>
    public Instant Now()
    {
        var read = Wall();
        var latest = Volatile.Read(ref latestUnixMilliseconds);
        if (read < latest)
            return Continue(read);
        return new Instant(Raise(read));
    }

    /// <summary>Sets the floor: no later value is earlier. A floor below the current time changes nothing.</summary>
    public void RaiseFloor(Instant floor) => Raise(floor.UnixMilliseconds);

    private Instant Continue(long read)
    {
        lock (behind)
        {
            var latest = Volatile.Read(ref latestUnixMilliseconds);
            var boot = BootMicroseconds();
            // A value that the wall clock gave since the last call replaces the anchor.
            if (latest != anchor.Latest)
                anchor = (latest, boot, latest);
            var now = Math.Max(read, anchor.UnixMilliseconds + ((boot - anchor.BootMicroseconds) / 1_000));
            anchor.Latest = Raise(now);
            return new Instant(anchor.Latest);
        }
    }

    private long Raise(long read)
    {
        var latest = Volatile.Read(ref latestUnixMilliseconds);
        while (read > latest)
        {
            var seen = Interlocked.CompareExchange(ref latestUnixMilliseconds, read, latest);
            if (seen == latest)
                return read;
            latest = seen;
        }

        return latest;
    }

    private long Wall() => wall is null ? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() : wall();

    /// <summary>
    /// Reads the time since the machine started. It advances while the machine is suspended, and is never behind another clock of the
    /// machine. Lease holders use it, since they must stop in time.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">The machine has no such clock; leases are then impossible.</exception>
    public static long BootMicroseconds()
    {
        if (!IsUnix)
            return Environment.TickCount64 * 1_000;
        if (ReadClock(BootSource, out var time) != 0)
            throw new PlatformNotSupportedException("This machine has no clock that counts while it is suspended.");
        return (time.Seconds * 1_000_000) + (time.Nanoseconds / 1_000);
    }

    /// <summary>
    /// Reads an elapsed time that does not follow changes of the wall clock, and stands still while the machine is suspended. It is never
    /// ahead of another clock. The side that waits for the end of a lease uses it.
    /// </summary>
    public static long MonotonicMicroseconds() => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int ReadClock(int source, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
