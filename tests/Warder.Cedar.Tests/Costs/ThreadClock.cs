using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Warder.Cedar.Tests.Costs;

/// <summary>Measures the processor time of the thread, on which other processes of the machine have little influence.</summary>
internal static class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>
    /// Returns the processor time of an action, in nanoseconds; the wall-clock time where the system does not provide it.
    /// </summary>
    public static double NanosecondsOf(Action action)
    {
        var start = Now();
        action();
        return Now() - start;
    }

    private static double Now()
        => OperatingSystem.IsLinux() && ClockGetTime(ThreadCpuTime, out var time) == 0
            ? (time.Seconds * 1e9) + time.Nanoseconds
            : Stopwatch.GetTimestamp() * 1e9 / Stopwatch.Frequency;

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
