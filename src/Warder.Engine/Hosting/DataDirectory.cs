using System.Runtime.InteropServices;
using Warder.Core.Secrets;
using Warder.Engine.Secrets;
using Warder.Storage;
using Warder.Storage.Migrations;
using Warder.Storage.Postgres;
using Warder.Storage.Sqlite;

namespace Warder.Engine.Hosting;

/// <summary>The directory that holds the embedded database and its keys. One process at a time uses it.</summary>
internal sealed partial class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // The files that Warder may create in the directory, except the lock.
    private static readonly string[] Files =
    [
        "warder.db", "warder.db-wal", "warder.db-shm", "migrated.db", "root-key", "root-key.next", "root-key.tmp", "root-key.next.tmp",
        "management-key", "management-key.tmp",
        "row-macs", "row-macs.tmp", "watermark", "watermark.tmp",
    ];

    private readonly FileStream lockFile;

    private DataDirectory(string path, FileStream lockFile) => (Path, this.lockFile) = (path, lockFile);

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>The path of the first management key.</summary>
    public string ManagementKeyPath => System.IO.Path.Combine(Path, "management-key");

    /// <summary>The path of the root key, unless configuration names another.</summary>
    public string RootKeyPath => System.IO.Path.Combine(Path, "root-key");

    /// <summary>The path of the file that records that the rows of the database have MACs.</summary>
    public string RowMacsPath => System.IO.Path.Combine(Path, "row-macs");

    /// <summary>The path of the watermark, unless configuration names another.</summary>
    public string WatermarkPath => System.IO.Path.Combine(Path, "watermark");

    private string AsidePath => System.IO.Path.Combine(Path, "migrated.db");

    private string DatabasePath => System.IO.Path.Combine(Path, "warder.db");

    /// <summary>Locks the directory, and creates it if it does not exist.</summary>
    /// <exception cref="StorageException">Another process has locked it, or it cannot be written.</exception>
    public static DataDirectory Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            if (!System.IO.Directory.Exists(full))
                CreateDirectory(full);
            CheckModes(full);
            return new DataDirectory(full, OpenLock(System.IO.Path.Combine(full, "lock")));
        }
        catch (IOException e) when (File.Exists(System.IO.Path.Combine(full, "lock")) && System.IO.Directory.Exists(full))
        {
            throw new StorageException(
                StorageFaultKind.InUse, $"Another Warder uses the data directory {full}. Stop it, or choose another with --data.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageFaultKind.Unavailable, $"The data directory {full} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Whether a process uses a directory. Changes nothing.</summary>
    public static bool IsLocked(string path)
    {
        var lockPath = System.IO.Path.Combine(path, "lock");
        if (!File.Exists(lockPath))
            return false;
        try
        {
            using var file = new FileStream(lockPath, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Checks the modes of a directory and its files, as a start does.</summary>
    /// <exception cref="StorageException">A mode is too wide; the message has the command that mends it.</exception>
    public static void CheckModes(string path)
    {
        ProtectedPath.RequireDirectory(path);
        foreach (var file in Files)
            ProtectedPath.RequireFile(System.IO.Path.Combine(path, file));
    }

    /// <summary>Opens the database of the directory.</summary>
    /// <param name="shared">
    /// The connection string of the database that nodes share; null: the embedded one, which is in the directory.
    /// </param>
    /// <param name="reread">Reads the connection string again, for a changed password; null: it cannot change.</param>
    /// <exception cref="ArgumentException">The connection string is not valid.</exception>
    /// <exception cref="StorageException">The database cannot be used.</exception>
    public Store OpenStore(SecretString? shared, Func<SecretString?>? reread = null)
    {
        if (shared is null)
            return OpenEmbedded();
        var store = PostgresStore.Open(shared.Reveal(), reread: reread is null ? null : () => reread()?.Reveal());
        try
        {
            DataMigration.RefuseUnfinished(store);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Renames the files of the embedded database, which must be closed, to names that no server opens.</summary>
    public void PutEmbeddedAside()
    {
        foreach (var file in System.IO.Directory.GetFiles(Path, System.IO.Path.GetFileName(DatabasePath) + "*"))
            File.Move(file, file.Replace(DatabasePath, AsidePath, StringComparison.Ordinal), overwrite: true);
        Sync(Path);
    }

    /// <summary>Opens the embedded database, and creates it in a new directory.</summary>
    /// <exception cref="StorageException">The database cannot be used.</exception>
    public SqliteStore OpenEmbedded()
    {
        var database = new FileInfo(DatabasePath);
        if (!database.Exists && File.Exists(AsidePath))
        {
            throw new StorageException(
                StorageFaultKind.Damaged,
                $"The data of {Path} was moved into PostgreSQL: name that with --database-file. What it was before is in {AsidePath}.");
        }

        if ((!database.Exists || database.Length == 0) && (File.Exists(RootKeyPath) || File.Exists(ManagementKeyPath)))
        {
            throw new StorageException(
                StorageFaultKind.Damaged,
                $"The database {DatabasePath} is missing or empty, and {Path} has the keys of one. Restore it from a backup;"
                + " or, to begin anew, choose an empty directory.");
        }

        try
        {
            // SQLite gives its other files the permissions of this one.
            if (!OperatingSystem.IsWindows())
                new FileStream(
                    DatabasePath,
                    new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = OwnerOnly })
                    .Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageFaultKind.Unavailable, $"The database {DatabasePath} cannot be written: {e.Message}", e);
        }

        return SqliteStore.Open(DatabasePath);
    }

    /// <summary>Writes a secret that only this user may read. After a crash the file is complete or absent.</summary>
    public static void WriteSecret(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".tmp";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        Sync(System.IO.Path.GetDirectoryName(path)!);
    }

    // A file's name is durable only once its directory is synced. Without the sync, a power failure could leave a database without its new
    // root key.
    private static void Sync(string directory)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var descriptor = OpenDescriptor(directory, 0);
        if (descriptor < 0)
            return;
        _ = SyncDescriptor(descriptor);
        _ = CloseDescriptor(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseDescriptor(int descriptor);

    // Earlier versions made the lock readable by all users. The file is empty and belongs to this user, so its mode is changed without an
    // error. Other users cannot open it afterwards, and so cannot lock it.
    private static FileStream OpenLock(string path)
    {
        if (OperatingSystem.IsWindows())
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        if (new FileInfo(path) is { Exists: true, LinkTarget: null } && File.GetUnixFileMode(path) != OwnerOnly)
            File.SetUnixFileMode(path, OwnerOnly);
        ProtectedPath.RequireFile(path);
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly,
        });
    }

    private static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            System.IO.Directory.CreateDirectory(path);
        else
            System.IO.Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <inheritdoc/>
    public void Dispose() => lockFile.Dispose();
}
