using System.Runtime.InteropServices;

namespace Warder.Server.Connections;

/// <summary>
/// The number of files and sockets that the process may have open. When it is reached, no connection can be accepted and no file opened, so
/// connections are bounded well below it.
/// </summary>
internal static partial class DescriptorLimit
{
    /// <summary>With fewer connections than this, the server does not start.</summary>
    public const int LeastConnections = 16;

    /// <summary>With fewer connections than this, the server logs a warning.</summary>
    public const int FewConnections = 512;

    /// <summary>The limit that messages advise.</summary>
    public const int Advised = 4_096;

    // At least this many descriptors, or this share of the limit, are kept for the database, files and other nodes.
    private const int LeastReserve = 128;
    private const int ReserveShare = 4;

    // The descriptors that the process opens after its start: assemblies that are loaded late, the database's connections, temporary files.
    private const int Headroom = 64;
    private const int SharedDatabaseHeadroom = 48;

    private const int LinuxOpenFiles = 7;
    private const int OtherOpenFiles = 8;

    /// <summary>Raises the limit as far as the process may.</summary>
    /// <returns>The limit; null: the system has none.</returns>
    public static long? Raise()
    {
        if (OperatingSystem.IsWindows())
            return null;
        var resource = OperatingSystem.IsLinux() ? LinuxOpenFiles : OtherOpenFiles;
        if (Read(resource, out var limit) != 0)
            return null;
        if (limit.Soft < limit.Hard && Write(resource, new Bounds { Soft = limit.Hard, Hard = limit.Hard }) == 0
            && Read(resource, out var raised) == 0)
            limit = raised;
        return limit.Soft > int.MaxValue ? int.MaxValue : (long)limit.Soft;
    }

    /// <summary>Counts the descriptors that are open now.</summary>
    public static int Open()
    {
        try
        {
            return OperatingSystem.IsLinux() ? System.IO.Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Computes the number of connections that a limit allows; may be negative.</summary>
    /// <param name="limit">The descriptor limit; null: none.</param>
    /// <param name="open">Descriptors that are open before the first connection.</param>
    /// <param name="isShared">Whether the database is reached by connections.</param>
    /// <param name="most">The configured bound.</param>
    public static int Connections(long? limit, int open, bool isShared, int most)
    {
        if (limit is not { } descriptors)
            return most;
        var used = open + Headroom + (isShared ? SharedDatabaseHeadroom : 0);
        var reserve = Math.Max(Math.Max(LeastReserve, descriptors / ReserveShare), used);
        return (int)Math.Min(descriptors - reserve, most);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Read(int resource, out Bounds bounds);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Write(int resource, in Bounds bounds);

    [StructLayout(LayoutKind.Sequential)]
    private struct Bounds
    {
        public nuint Soft;
        public nuint Hard;
    }
}
