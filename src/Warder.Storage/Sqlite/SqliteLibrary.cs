using System.Reflection;
using System.Runtime.InteropServices;

namespace Warder.Storage.Sqlite;

/// <summary>
/// Which SQLite is used: the operating system's where there is one, since it is newer and gets security fixes; else the bundled one.
/// </summary>
internal static class SqliteLibrary
{
    private static readonly Lazy<bool> Initialized = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Resolve);
        SQLitePCL.Batteries_V2.Init();
        return true;
    });

    /// <summary>Call before the first connection.</summary>
    public static void Initialize() => _ = Initialized.Value;

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (string.Equals(name, "e_sqlite3", StringComparison.Ordinal) && OperatingSystem.IsLinux()
            && NativeLibrary.TryLoad("libsqlite3.so.0", out var system))
            return system;
        return IntPtr.Zero;
    }
}
