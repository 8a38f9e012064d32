using System.Data.Common;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Storage.Lists;
using Warder.Storage.Secrets;

namespace Warder.Storage.Management;

/// <summary>The tables <c>management_keys</c> and <c>management_key_secrets</c>.</summary>
public static class ManagementKeyTable
{
    private const string KeyColumns =
        "environment, id, name, rights, created_by, revoked, deleted, revoked_at, revocation_reason, expires_at, created_at, updated_at";

    // The MAC does not cover the time of the last use: it is written every few seconds, and no decision depends on it.
    private const string SecretColumns = "key_id, number, id, digest, obfuscated_value, ended, ends_at, created_at";

    private const string Select = $"SELECT {KeyColumns}, mac FROM management_keys";

    // The covered columns, the MAC, and the last use.
    private const int SecretWidth = 10;

    internal static MacTable Keys { get; } = new("management_keys", KeyColumns, "environment, id", "id");

    internal static MacTable Secrets { get; } = new("management_key_secrets", SecretColumns, "key_id, number", "id");

    private static readonly string SelectBoth =
        $"SELECT {Secrets.Of("s")}, s.last_used_at, {Keys.Of("k")} FROM management_keys k JOIN management_key_secrets s ON s.key_id = k.id";

    /// <summary>
    /// Finds a management key by id, a deleted one too, with its secrets whose rows verify; null when there is no key, or none that
    /// verifies.
    /// </summary>
    public static ManagementKey? Find(Session session, int environment, string id, RowLock mode = RowLock.Share)
        => WithSecrets(session, session.First(
            session.Locked(Select + " WHERE environment = $1 AND id = $2", mode), row => Verified(session, row), environment, id));

    /// <summary>Whether a management key of this id exists or existed: a cursor may name it.</summary>
    public static bool Existed(Session session, int environment, string id)
        => session.Number("SELECT COUNT(*) FROM management_keys WHERE environment = $1 AND id = $2", environment, id) > 0;

    /// <summary>Reads a page of management keys. A key that does not verify is left out.</summary>
    public static Page<ManagementKey> List(Session session, int environment, PageRequest page)
        => new ListQuery(Select, "management_keys", "id", "environment = ?", environment)
            .Where("deleted = 0")
            .Page(
                session, page, row => (Id: row.GetString(1), Key: Verified(session, row)), rows => WithSecrets(session, rows),
                static item => item.Id, static item => item.Key is not null, keepsMost: true)
            .Select(static item => item.Key!);

    /// <summary>
    /// Reads every secret that can authenticate now or later, with its key, for the table in memory. An expired secret never becomes valid
    /// again. A secret whose row does not verify is left out.
    /// </summary>
    public static List<(ManagementKey Key, KeySecret Secret, byte[] Digest)> Credentials(Session session, Instant now)
        => [
            .. session.All<(ManagementKey Key, KeySecret Secret, byte[] Digest)?>(
                    SelectBoth + " WHERE k.revoked = 0 AND s.ended = 0"
                    + " AND (k.expires_at IS NULL OR k.expires_at > $1) AND (s.ends_at IS NULL OR s.ends_at > $1)",
                    row => BothVerified(session, row) ? (Map(row, SecretWidth), MapSecret(row), row.Bytes(3)) : null,
                    now.UnixMilliseconds)
                .Where(static found => found is not null)
                .Select(static found => found!.Value),
        ];

    /// <summary>
    /// Reads the authority of a secret: no row, once the secret or its key was ended by a change; none, when a row does not verify. Its
    /// ends are not compared with the clock.
    /// </summary>
    public static Deferred<Authority> DeferAuthority(Session session, int environment, string keyId, string secretId)
    {
        session.LockRows("SELECT 1 FROM management_keys WHERE environment = $1 AND id = $2", RowLock.Share, null, environment, keyId);
        return session.Defer(
            SelectBoth + " WHERE k.environment = $1 AND k.id = $2 AND s.id = $3 AND k.revoked = 0 AND s.ended = 0",
            row => BothVerified(session, row)
                ? new Authority(
                    row.GetString(SecretWidth + 2), (Rights)row.GetInt64(SecretWidth + 3),
                    row.TimeOrNull(SecretWidth + 9), row.TimeOrNull(6))
                : Authority.None,
            environment, keyId, secretId);
    }

    /// <summary>Adds a management key with its one secret.</summary>
    public static void Insert(Session session, ManagementKey key, byte[] digest)
    {
        var values = Values(key);
        session.Write(
            $"INSERT INTO management_keys ({KeyColumns}, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            [.. values, Keys.Mac(session, values)]);
        InsertSecret(session, key, key.Secrets[^1], digest);
    }

    /// <summary>Writes the columns of the key that may change. The caller has verified its row: a false row must not get a MAC.</summary>
    public static void Update(Session session, ManagementKey key)
        => session.Write(
            "UPDATE management_keys SET name = $1, rights = $2, revoked = $3, deleted = $4,"
            + " revoked_at = $5, revocation_reason = $6, expires_at = $7,"
            + " updated_at = $8, mac = $9 WHERE environment = $10 AND id = $11",
            key.Name, (long)key.Rights, key.Revoked ? 1 : 0, key.Deleted ? 1 : 0, key.RevokedAt?.UnixMilliseconds, key.RevocationReason,
            key.ExpiresAt?.UnixMilliseconds, key.UpdatedAt.UnixMilliseconds, Keys.Mac(session, Values(key)), key.Environment, key.Id);

    /// <summary>Adds a secret to an existing key.</summary>
    public static void InsertSecret(Session session, ManagementKey key, KeySecret secret, byte[] digest)
    {
        var values = Values(key, secret, digest);
        session.Write(
            $"INSERT INTO management_key_secrets ({SecretColumns}, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [.. values, Secrets.Mac(session, values)]);
    }

    /// <summary>Writes the end of a secret, if its row verifies.</summary>
    public static void UpdateSecret(Session session, ManagementKey key, KeySecret secret)
    {
        var digest = session.First(
            $"SELECT {SecretColumns}, mac FROM management_key_secrets WHERE key_id = $1 AND number = $2",
            row => Secrets.Accepts(session, row) ? row.Bytes(3) : null, key.Id, secret.Number);
        if (digest is null)
            return;
        session.Write(
            "UPDATE management_key_secrets SET ended = $1, ends_at = $2, mac = $3 WHERE key_id = $4 AND number = $5",
            secret.Ended ? 1 : 0, secret.EndsAt?.UnixMilliseconds, Secrets.Mac(session, Values(key, secret, digest)),
            key.Id, secret.Number);
    }

    /// <summary>Writes when secrets were last used.</summary>
    public static void WriteUsage(Session session, IReadOnlyList<(string SecretId, string KeyId, long AtMilliseconds)> uses)
    {
        foreach (var (secretId, keyId, at) in uses)
            session.Write("UPDATE management_key_secrets SET last_used_at = $1 WHERE key_id = $2 AND id = $3", at, keyId, secretId);
    }

    private static object?[] Values(ManagementKey key) =>
    [
        key.Environment, key.Id, key.Name, (long)key.Rights, key.CreatedBy, key.Revoked ? 1 : 0, key.Deleted ? 1 : 0,
        key.RevokedAt?.UnixMilliseconds, key.RevocationReason, key.ExpiresAt?.UnixMilliseconds,
        key.CreatedAt.UnixMilliseconds, key.UpdatedAt.UnixMilliseconds,
    ];

    private static object?[] Values(ManagementKey key, KeySecret secret, byte[] digest) =>
    [
        key.Id, secret.Number, secret.Id, digest, secret.ObfuscatedValue, secret.Ended ? 1 : 0, secret.EndsAt?.UnixMilliseconds,
        secret.CreatedAt.UnixMilliseconds,
    ];

    private static ManagementKey? Verified(Session session, DbDataReader row) => Keys.Accepts(session, row) ? Map(row, 0) : null;

    private static bool BothVerified(Session session, DbDataReader row)
        => Secrets.Accepts(session, row) && Keys.Accepts(session, row, SecretWidth);

    private static List<(string Id, ManagementKey? Key)> WithSecrets(Session session, List<(string Id, ManagementKey? Key)> rows)
        => [.. rows.ConvertAll(item => (Item: item, Secrets: item.Key is null ? null : DeferSecrets(session, item.Id)))
            .Select(static deferred => (deferred.Item.Id, With(deferred.Item.Key, deferred.Secrets)))];

    private static ManagementKey? WithSecrets(Session session, ManagementKey? key)
        => key is null ? null : With(key, DeferSecrets(session, key.Id));

    // A key has at least one secret: a key without a secret that verifies is left out.
    private static ManagementKey? With(ManagementKey? key, Deferred<KeySecret?>? deferred)
        => key is not null && deferred?.Rows.OfType<KeySecret>().ToList() is { Count: > 0 } secrets ? key with { Secrets = secrets } : null;

    private static Deferred<KeySecret?> DeferSecrets(Session session, string keyId)
        => session.Defer(
            $"SELECT {SecretColumns}, mac, last_used_at FROM management_key_secrets WHERE key_id = $1 ORDER BY number",
            row => Secrets.Accepts(session, row) ? MapSecret(row) : null, keyId);

    private static KeySecret MapSecret(DbDataReader row) => new()
    {
        Id = row.GetString(2),
        Number = row.GetInt32(1),
        ObfuscatedValue = row.GetString(4),
        CreatedAt = row.Time(7),
        EndsAt = row.TimeOrNull(6),
        Ended = row.Flag(5),
        LastUsedAt = row.TimeOrNull(9),
    };

    private static ManagementKey Map(DbDataReader row, int first) => new()
    {
        Environment = row.GetInt32(first),
        Id = row.GetString(first + 1),
        Name = row.GetString(first + 2),
        Rights = (Rights)row.GetInt64(first + 3),
        CreatedBy = row.TextOrNull(first + 4),
        Revoked = row.Flag(first + 5),
        Deleted = row.Flag(first + 6),
        RevokedAt = row.TimeOrNull(first + 7),
        RevocationReason = row.TextOrNull(first + 8),
        ExpiresAt = row.TimeOrNull(first + 9),
        CreatedAt = row.Time(first + 10),
        UpdatedAt = row.Time(first + 11),
        Secrets = [],
    };
}
