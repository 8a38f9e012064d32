using Warder.Storage;
using Warder.Storage.Sqlite;

namespace Warder.Server.Hosting;

/// <summary>The directory that holds the embedded database and what belongs to it. One process at a time uses it.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly FileStream lockFile;

    private DataDirectory(string path, FileStream lockFile) => (Path, this.lockFile) = (path, lockFile);

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>Where the first management key is written.</summary>
    public string ManagementKeyPath => System.IO.Path.Combine(Path, "management-key");

    /// <summary>Where the root key is, unless it is elsewhere by configuration.</summary>
    public string RootKeyPath => System.IO.Path.Combine(Path, "root-key");

    private string DatabasePath => System.IO.Path.Combine(Path, "warder.db");

    /// <summary>Takes the directory, making it if need be.</summary>
    /// <exception cref="StorageException">Another process has it, or it cannot be written.</exception>
    public static DataDirectory Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            if (!System.IO.Directory.Exists(full))
                CreateDirectory(full);
            var file = new FileStream(System.IO.Path.Combine(full, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataDirectory(full, file);
        }
        catch (IOException e) when (File.Exists(System.IO.Path.Combine(full, "lock")) && System.IO.Directory.Exists(full))
        {
            throw new StorageException(StorageFaultKind.InUse, $"Another Warder uses the data directory {full}. Stop it, or choose another with --data.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageFaultKind.Unavailable, $"The data directory {full} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Opens the database in it.</summary>
    public SqliteStore OpenStore()
    {
        // SQLite gives its other files the permissions of this one.
        if (!OperatingSystem.IsWindows())
            new FileStream(DatabasePath, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = OwnerOnly }).Dispose();
        return SqliteStore.Open(DatabasePath);
    }

    /// <summary>Writes a secret that only this user may read, so that it is either there whole or not at all.</summary>
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
