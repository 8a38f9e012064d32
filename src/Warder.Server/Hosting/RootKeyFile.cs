using Warder.Core.Secrets;
using Warder.Storage;
using Warder.Storage.Secrets;

namespace Warder.Server.Hosting;

/// <summary>
/// The root key's file: made at the first start, checked at each start against a value that only the right key opens, and replaced by a rotation that
/// survives being killed at any point.
/// </summary>
internal static class RootKeyFile
{
    private const string CheckName = "check";
    private const string Remedy = "Restore it, or copy it from a node that has it, or name it with --root-key FILE or WARDER_ROOT_KEY_FILE.";
    private const string CheckText = "this root key is this database's";

    /// <summary>Reads the root key that belongs to the database; makes one for a database that has none.</summary>
    /// <exception cref="StorageException">It is missing, or another database's.</exception>
    public static RootKey Load(string path, Store store, Entropy entropy)
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

    /// <summary>Replaces the root key, sealing again all that was sealed under it.</summary>
    public static void Rotate(string path, Store store, Entropy entropy)
    {
        var old = Load(path, store, entropy);
        var bytes = entropy.Bytes(RootKey.Length);
        var fresh = new RootKey(bytes);
        DataDirectory.WriteSecret(Next(path), bytes);
        using (var session = store.OpenWriter())
        {
            SealedValueTable.ReplaceAll(session, (name, box) => fresh.Seal(
                name,
                old.Open(name, box) ?? throw new StorageException(StorageFaultKind.Damaged, $"The sealed value '{name}' cannot be opened. Nothing was rotated."),
                entropy));
        }

        File.Move(Next(path), path, overwrite: true);
    }

    private static RootKey Create(string path, Store store, Entropy entropy)
    {
        var key = TryRead(path);
        var made = key is null;
        if (key is null)
        {
            if (File.Exists(path))
                throw new StorageException(StorageFaultKind.Damaged, $"{path} is no root key: it must hold exactly {RootKey.Length} bytes.");
            var bytes = entropy.Bytes(RootKey.Length);
            DataDirectory.WriteSecret(path, bytes);
            key = new RootKey(bytes);
        }

        using (var session = store.OpenWriter())
        {
            if (SealedValueTable.Add(session, CheckName, key.Seal(CheckName, System.Text.Encoding.UTF8.GetBytes(CheckText), entropy)))
                return key;
        }

        // Another node was first: the database has its root key, and what was made here is nobody's.
        if (made)
            File.Delete(path);
        return Load(path, store, entropy);
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
