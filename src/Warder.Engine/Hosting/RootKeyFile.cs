using System.Text;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Engine.Secrets;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Secrets;

namespace Warder.Engine.Hosting;

/// <summary>
/// The root key's file. The first start creates it, and each start checks it against a value that only the right key opens. A rotation
/// replaces it, and survives a kill at any point.
/// </summary>
internal static class RootKeyFile
{
    private const string CheckName = "check";
    private const string Remedy =
        "Restore it, or copy it from a node that has it, or name it with --root-key FILE or WARDER_ROOT_KEY_FILE.";
    private const string CheckText = "this root key is this database's";

    // This text also states that every row of a covered table has a MAC. A database of an earlier version has the other text, and gets its
    // MACs at the next start.
    private const string MacsCheckText = CheckText + ", and its rows have MACs";

    /// <summary>
    /// Reads the root key of the database, and configures the store to check rows with it. Creates the key for a database that has none.
    /// </summary>
    /// <param name="path">The root key's file.</param>
    /// <param name="directory">The node's data directory, which records that rows have MACs.</param>
    /// <param name="store">The database.</param>
    /// <param name="entropy">The process's randomness.</param>
    /// <exception cref="StorageException">The key is missing, or belongs to another database.</exception>
    public static RootKey Load(string path, DataDirectory directory, Store store, Entropy entropy)
    {
        if (path != directory.RootKeyPath)
            ProtectedPath.RequireNamedFile(path);
        var key = Find(path, store, entropy);
        store.Macs.Use(key);
        RequireMacs(key, directory, store, entropy);
        return key;
    }

    /// <summary>Configures the store to check rows with the root key, for a command that only reads.</summary>
    /// <returns>False: the key is missing, or the rows have no MACs yet.</returns>
    public static bool TryUse(string path, Store store)
    {
        if (TryRead(path) is not { } key || store.Read(session => SealedValueTable.Find(session, CheckName)) is not { } check
            || !HasMacs(key, check))
            return false;
        store.Macs.Use(key);
        return true;
    }

    // A writer of the database can reset its check value to an earlier state. Each node therefore records beside the database that the rows
    // have MACs.
    private static void RequireMacs(RootKey key, DataDirectory directory, Store store, Entropy entropy)
    {
        var check = store.Read(session => SealedValueTable.Find(session, CheckName));
        if (check is null || !HasMacs(key, check))
        {
            if (File.Exists(directory.RowMacsPath))
            {
                throw new StorageException(
                    StorageFaultKind.Damaged,
                    $"The database says that its rows have no MACs yet, and {directory.RowMacsPath} says that they had."
                    + " The database was set back. If you restored a backup from before the upgrade, delete that file and start again.");
            }

            using var session = store.OpenPatient();
            RowMacRewrite.Begin(session, key, CheckName, box => HasMacs(key, box), Seal(key, entropy), Clock.System.Now());
        }

        if (!File.Exists(directory.RowMacsPath))
            DataDirectory.WriteSecret(directory.RowMacsPath, "The rows of this node's database have MACs under its root key.\n"u8);
    }

    private static bool HasMacs(RootKey key, byte[] check)
        => key.Open(CheckName, check) is { } text && text.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(MacsCheckText));

    private static byte[] Seal(RootKey key, Entropy entropy) => key.Seal(CheckName, Encoding.UTF8.GetBytes(MacsCheckText), entropy);

    private static RootKey Find(string path, Store store, Entropy entropy)
    {
        var check = store.Read(session => SealedValueTable.Find(session, CheckName));
        if (check is null)
            return Create(path, store, entropy);
        if (TryRead(path) is { } key && Opens(key, check))
            return key;
        // A rotation was interrupted after the database had taken the new key.
        if (TryRead(Next(path)) is { } next && Opens(next, check))
        {
            File.Move(Next(path), path, overwrite: true);
            return next;
        }

        throw new StorageException(
            StorageFaultKind.Damaged,
            File.Exists(path)
                ? $"The root key in {path} is not this database's. {Remedy}"
                : $"The root key {path} is missing. It is not part of the database. {Remedy}");
    }

    /// <summary>Replaces the root key, and seals every value of the old one under the new one.</summary>
    public static void Rotate(string path, DataDirectory directory, Store store, Entropy entropy)
    {
        var old = Load(path, directory, store, entropy);
        var bytes = entropy.Bytes(RootKey.Length);
        var fresh = new RootKey(bytes);
        DataDirectory.WriteSecret(Next(path), bytes);
        using (var session = store.OpenPatient())
        {
            SealedValueTable.ReplaceAll(
                session,
                (name, box) => fresh.Seal(
                    name,
                    old.Open(name, box) ?? throw new StorageException(
                        StorageFaultKind.Damaged, $"The sealed value '{name}' cannot be opened. Nothing was rotated."),
                    entropy),
                old, fresh);
        }

        File.Move(Next(path), path, overwrite: true);
    }

    private static RootKey Create(string path, Store store, Entropy entropy)
    {
        // A database with environments and without the check value is refused. Otherwise, after a deletion of that value, every row would
        // get a new MAC, forged rows included.
        if (store.Read(EnvironmentTable.All).Count > 0)
        {
            throw new StorageException(
                StorageFaultKind.Damaged,
                "The database has environments, and the value is missing that the root key is checked by."
                + " Restore the database from a backup.");
        }

        var key = TryRead(path);
        var made = key is null;
        if (key is null)
        {
            if (File.Exists(path))
                throw new StorageException(
                    StorageFaultKind.Damaged, $"{path} is no root key: it must hold exactly {RootKey.Length} bytes.");
            var bytes = entropy.Bytes(RootKey.Length);
            DataDirectory.WriteSecret(path, bytes);
            key = new RootKey(bytes);
        }

        store.Macs.Use(key);
        using (var session = store.OpenWriter())
        {
            // One transaction writes both: a database with MACs on its rows always has a head under a MAC.
            session.Execute(session.Dialect.Begin);
            var isFirst = SealedValueTable.Add(session, CheckName, Seal(key, entropy));
            if (isFirst)
                HeadMacs.Keep(session, Clock.System.Now());
            session.Execute("COMMIT");
            if (isFirst)
                return key;
        }

        // Another node was first: the database has its root key, and the key made here is unused.
        if (made)
            File.Delete(path);
        return Find(path, store, entropy);
    }

    private static string Next(string path) => path + ".next";

    private static bool Opens(RootKey key, byte[] check) => key.Open(CheckName, check) is not null;

    private static RootKey? TryRead(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return bytes.Length == RootKey.Length ? new RootKey(bytes) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
