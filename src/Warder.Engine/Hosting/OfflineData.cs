using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Events;
using Warder.Storage.Journal;
using Warder.Storage.Migrations;
using Warder.Storage.Postgres;

namespace Warder.Engine.Hosting;

/// <summary>
/// What can be done with a data directory while no server uses it: for whoever can read the disk, but cannot, or need not, call the server.
/// </summary>
public static class OfflineData
{
    /// <summary>Makes a management key with every right.</summary>
    /// <param name="path">The data directory.</param>
    /// <param name="database">How to connect to the database; null: it is in the data directory.</param>
    /// <param name="name">What to call the key.</param>
    /// <param name="rootKeyPath">The root key's file; null: it is in the data directory.</param>
    /// <exception cref="StorageException">The data directory, the database or the root key cannot be used.</exception>
    public static SecretString CreateManagementKey(string path, SecretString? database, string name, string? rootKeyPath = null)
        => With(path, database, (directory, store) =>
        {
            if (store.Read(EnvironmentTable.All).Count > 0)
                RootKeyFile.Load(rootKeyPath ?? directory.RootKeyPath, directory, store, Entropy.System);
            using var node = Node.Start(store, Clock.System, Entropy.System);
            var made = FirstStart.RecoverKey(node, name);
            node.Journal.Submit<bool>(context => HeadMacs.Keep(context.Session, context.Now)).GetAwaiter().GetResult();
            return made.Fault is null
                ? made.Value
                : throw new StorageException(StorageFaultKind.Unavailable, $"No server was ever started on it: start one, and it makes a key.");
        });

    /// <summary>Replaces the root key, and seals again what was sealed under the old one.</summary>
    /// <exception cref="StorageException">The data directory cannot be used.</exception>
    public static void RotateRootKey(string path, SecretString? database, string? rootKeyPath)
        => With(path, database, (directory, store) =>
        {
            RootKeyFile.Rotate(rootKeyPath ?? directory.RootKeyPath, directory, store, Entropy.System);
            return true;
        });

    /// <summary>
    /// Verifies the whole log: no gap, every hash, every personal value; and with the root key, that it is the log whose heads are under
    /// MACs.
    /// </summary>
    /// <param name="path">The data directory.</param>
    /// <param name="database">How to connect to the database; null: it is in the data directory.</param>
    /// <param name="rootKeyPath">The root key's file; null: it is in the data directory.</param>
    /// <exception cref="StorageException">The data directory cannot be used.</exception>
    public static LogReport VerifyLog(string path, SecretString? database, string? rootKeyPath = null) => With(path, database, (directory, store) =>
    {
        RootKeyFile.TryUse(rootKeyPath ?? directory.RootKeyPath, store);
        return store.ReadSnapshot(LogVerification.Run);
    });

    /// <summary>
    /// Moves the embedded database of a data directory into PostgreSQL, and puts it aside: nobody shall go on with it by mistake.
    /// </summary>
    /// <param name="path">The data directory.</param>
    /// <param name="database">How to connect to PostgreSQL: an empty database.</param>
    /// <param name="progress">Told now and then how far it is.</param>
    /// <param name="cancellation">Breaks it off; run again, it goes on.</param>
    /// <exception cref="StorageException">It cannot be moved; the embedded database is as it was.</exception>
    public static MigrationReport Migrate(string path, SecretString database, Action<MigrationProgress> progress, CancellationToken cancellation)
    {
        using var directory = OpenDirectory(path);
        MigrationReport report;
        using (var embedded = directory.OpenEmbedded())
        using (var shared = PostgresStore.Open(database.Reveal()))
            report = DataMigration.Run(embedded, shared, progress, cancellation);
        directory.PutEmbeddedAside();
        return report;
    }

    private static DataDirectory OpenDirectory(string path)
        => System.IO.Directory.Exists(path) ? DataDirectory.Open(path) : throw new StorageException(StorageFaultKind.Unavailable, $"There is no data directory {path}.");

    private static T With<T>(string path, SecretString? database, Func<DataDirectory, Store, T> work)
    {
        using var directory = OpenDirectory(path);
        using var store = directory.OpenStore(database);
        return work(directory, store);
    }
}
