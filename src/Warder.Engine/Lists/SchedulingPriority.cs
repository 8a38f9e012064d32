using System.Runtime.InteropServices;

namespace Warder.Engine.Lists;

/// <summary>Lowers the scheduling priority of threads. .NET's own <see cref="Thread.Priority"/> does nothing on Linux.</summary>
internal static partial class SchedulingPriority
{
    private const int Process = 0;
    private const int CallingThread = 0;

    /// <summary>
    /// The value of lists. A thread at this value gets a quarter of a processor beside a thread at the default value, and a whole processor
    /// when alone. A lower priority would make lists exceed their deadline where every processor is busy.
    /// </summary>
    public const int Lists = 5;

    /// <summary>
    /// The value of key reads, and of the answers to large bodies after them: a tenth of a processor beside a thread at the default
    /// value, a whole processor when alone. A lower priority would make look-ups of replicas time out where every processor is busy.
    /// </summary>
    public const int KeyReads = 10;

    /// <summary>
    /// Lowers the calling thread's priority for its lifetime. Does nothing except on Linux: on other systems the call would affect the
    /// whole process.
    /// </summary>
    /// <param name="nice">The thread's nice value: <see cref="Lists"/> or <see cref="KeyReads"/>.</param>
    public static void Lower(int nice)
    {
        if (OperatingSystem.IsLinux())
            _ = SetPriority(Process, CallingThread, nice);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int kind, uint who, int priority);
}
