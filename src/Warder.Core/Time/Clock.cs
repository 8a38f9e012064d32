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
