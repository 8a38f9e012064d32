using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Engine.Watermarks;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Events;
using Warder.Storage.Journal;
using Warder.Storage.Migrations;
using Warder.Storage.Postgres;

namespace Warder.Engine.Hosting;

/// <summary>
/// Operations on a data directory that no server uses. They need access to the disk, and no management key.
/// </summary>
public static class OfflineData
{
    /// <summary>Creates a management key with every right.</summary>
    /// <param name="path">The data directory.</param>
    /// <param name="database">The connection string of the database; null: it is in the data directory.</param>
    /// <param name="name">The name of the key.</param>
    /// <param name="rootKeyPath">The root key's file; null: it is in the data directory.</param>
    /// <exception cref="StorageException">The data directory, the database or the root key cannot be used.</exception>
    public static SecretString CreateManagementKey(string path, SecretString? database, string name, string? rootKeyPath = null)
        => With(path, database, (directory, store) =>
        {
            RequireNewest(directory, store);
            if (store.Read(EnvironmentTable.All).Count > 0)
                RootKeyFile.Load(rootKeyPath ?? directory.RootKeyPath, directory, store, Entropy.System);
            using var node = Node.Start(store, Clock.System, Entropy.System);
            var made = node.FirstStart.RecoverKey(name);
            node.Journal.Submit<bool>(context => HeadMacs.Keep(context.Session, context.Now)).GetAwaiter().GetResult();
            return made.Fault is null
                ? made.Value
                : throw new StorageException(
                    StorageFaultKind.Unavailable, $"No server was ever started on it: start one, and it makes a key.");
        });

    /// <summary>Replaces the root key, and seals every value of the old one under the new one.</summary>
    /// <exception cref="StorageException">The data directory cannot be used.</exception>
    public static void RotateRootKey(string path, SecretString? database, string? rootKeyPath)
        => With(path, database, (directory, store) =>
        {
            RootKeyFile.Rotate(rootKeyPath ?? directory.RootKeyPath, directory, store, Entropy.System);
            return true;
        });

    /// <summary>
    /// Verifies the whole log: its sequence, every hash and every personal value. With the root key, it also verifies the MACs of the log's
    /// heads.
    /// </summary>
    /// <param name="path">The data directory.</param>
    /// <param name="database">The connection string of the database; null: it is in the data directory.</param>
    /// <param name="rootKeyPath">The root key's file; null: it is in the data directory.</param>
    /// <exception cref="StorageException">The data directory cannot be used.</exception>
    public static LogReport VerifyLog(string path, SecretString? database, string? rootKeyPath = null) => With(
        path, database, (directory, store) =>
    {
        RootKeyFile.TryUse(rootKeyPath ?? directory.RootKeyPath, store);
        return store.ReadSnapshot(LogVerification.Run);
    });

    /// <summary>
    /// Copies the embedded database of a data directory into PostgreSQL, and then renames it, so that no server continues with it by
    /// mistake.
    /// </summary>
    /// <param name="path">The data directory.</param>
    /// <param name="database">The connection string of an empty PostgreSQL database.</param>
    /// <param name="progress">Receives the progress from time to time.</param>
    /// <param name="cancellation">Stops the copy. The next run continues it.</param>
    /// <exception cref="StorageException">The copy failed; the embedded database is unchanged.</exception>
    public static MigrationReport Migrate(
        string path, SecretString database, Action<MigrationProgress> progress, CancellationToken cancellation)
    {
        using var directory = OpenDirectory(path);
        MigrationReport report;
        using (var embedded = directory.OpenEmbedded())
        {
            RequireNewest(directory, embedded);
            using var shared = PostgresStore.Open(database.Reveal());
            report = DataMigration.Run(embedded, shared, progress, cancellation);
        }

        directory.PutEmbeddedAside();
        return report;
    }

    // A command that writes must not continue an older database: see the same check at the start of a server.
    private static void RequireNewest(DataDirectory directory, Store store)
        => StartGuard.Check(new WatermarkFile(directory.WatermarkPath), store, Clock.System, acceptClock: false, acceptOlderLog: false);

    private static DataDirectory OpenDirectory(string path)
        => System.IO.Directory.Exists(path)
            ? DataDirectory.Open(path)
            : throw new StorageException(StorageFaultKind.Unavailable, $"There is no data directory {path}.");

    private static T With<T>(string path, SecretString? database, Func<DataDirectory, Store, T> work)
    {
        using var directory = OpenDirectory(path);
        using var store = directory.OpenStore(database);
        return work(directory, store);
    }
}
