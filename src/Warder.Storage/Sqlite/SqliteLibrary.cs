using System.Reflection;
using System.Runtime.InteropServices;

namespace Warder.Storage.Sqlite;

/// <summary>
/// Selects the SQLite library: the operating system's where there is one, since it is newer and gets security fixes; else the bundled one.
/// </summary>
internal static class SqliteLibrary
{
    private static readonly Lazy<bool> Initialized = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Resolve);
        SQLitePCL.Batteries_V2.Init();
        Configure();
        return true;
    });

    /// <summary>Call before the first connection.</summary>
    public static void Initialize() => _ = Initialized.Value;

    // One thread at a time uses a session, so its connection needs no mutex. SQLite's memory statistics are not read, and would lock
    // at each allocation. The library refuses both once it is in use, and is then as before.
    private static void Configure()
    {
        _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
        _ = SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (string.Equals(name, "e_sqlite3", StringComparison.Ordinal) && OperatingSystem.IsLinux()
            && NativeLibrary.TryLoad("libsqlite3.so.0", out var system))
            return system;
        return IntPtr.Zero;
    }
}
