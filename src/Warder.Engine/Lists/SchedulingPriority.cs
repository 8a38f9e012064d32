using System.Runtime.InteropServices;

namespace Warder.Engine.Lists;

/// <summary>Lowers the scheduling priority of threads. .NET's own <see cref="Thread.Priority"/> does nothing on Linux.</summary>
internal static partial class SchedulingPriority
{
    private const int Process = 0;
    private const int CallingThread = 0;

    // A thread at this value gets a quarter of a processor beside a thread at the default value, and a whole processor when alone. A lower
    // priority would make reads exceed their deadline where every processor is busy.
    private const int Nice = 5;

    /// <summary>
    /// Lowers the calling thread's priority for its lifetime. Does nothing except on Linux: on other systems the call would affect the
    /// whole process.
    /// </summary>
    public static void Lower()
    {
        if (OperatingSystem.IsLinux())
            _ = SetPriority(Process, CallingThread, Nice);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int kind, uint who, int priority);
}
