using System.Data.Common;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Storage.Lists;

namespace Warder.Storage.Management;

/// <summary>The tables <c>management_keys</c> and <c>management_key_secrets</c>.</summary>
public static class ManagementKeyTable
{
    private const string Select =
        "SELECT environment, id, name, rights, created_by, revoked, deleted, revoked_at, revocation_reason, expires_at, created_at, updated_at FROM management_keys";

    private const int KeyColumns = 12;
    private const int SecretColumns = 7;

    /// <summary>One, by id, deleted ones included; null when there is none.</summary>
    public static ManagementKey? Find(Session session, int environment, string id, RowLock mode = RowLock.Rely)
        => WithSecrets(session, session.First(session.Locked(Select + " WHERE environment = $1 AND id = $2", mode), Map, environment, id));

    /// <summary>Whether there is or was one of this id: what a cursor may name.</summary>
    public static bool Existed(Session session, int environment, string id)
        => session.Number("SELECT COUNT(*) FROM management_keys WHERE environment = $1 AND id = $2", environment, id) > 0;

    /// <summary>A page of them.</summary>
    public static Page<ManagementKey> List(Session session, int environment, PageRequest page)
        => new ListQuery(Select, "id")
            .Where("environment = ? AND deleted = 0", environment)
            .Page(session, page, Map, static key => key.Id)
            .Select(key => (Key: key, Secrets: AskSecrets(session, key.Id)))
            .Select(static asked => asked.Key with { Secrets = asked.Secrets.Rows });

    /// <summary>Every secret that can authenticate now or later, with its key: what is kept in memory. What has expired never comes back.</summary>
    public static List<(ManagementKey Key, KeySecret Secret, byte[] Digest)> Credentials(Session session, Instant now)
        => session.All(
            "SELECT s.id, s.number, s.obfuscated_value, s.created_at, s.ends_at, s.ended, s.last_used_at, k.environment, k.id, k.name, k.rights, k.created_by,"
            + " k.revoked, k.deleted, k.revoked_at, k.revocation_reason, k.expires_at, k.created_at, k.updated_at, s.digest"
            + " FROM management_keys k JOIN management_key_secrets s ON s.key_id = k.id"
            + " WHERE k.revoked = 0 AND s.ended = 0 AND (k.expires_at IS NULL OR k.expires_at > $1) AND (s.ends_at IS NULL OR s.ends_at > $1)",
            static row => (Map(row, SecretColumns), MapSecret(row), row.Bytes(SecretColumns + KeyColumns)),
            now.UnixMilliseconds);

    /// <summary>Asks what a secret is good for: no row, once it or its key was ended by a change. The clock is not asked.</summary>
    public static Asked<Rights> AskRights(Session session, int environment, string keyId, string secretId)
    {
        session.Hold("SELECT 1 FROM management_keys WHERE environment = $1 AND id = $2", RowLock.Rely, null, environment, keyId);
        return session.Ask(
            "SELECT k.rights FROM management_keys k JOIN management_key_secrets s ON s.key_id = k.id"
            + " WHERE k.environment = $1 AND k.id = $2 AND s.id = $3 AND k.revoked = 0 AND s.ended = 0",
            static row => (Rights)row.GetInt64(0), environment, keyId, secretId);
    }

    /// <summary>Adds one with its one secret.</summary>
    public static void Insert(Session session, ManagementKey key, byte[] digest)
    {
        session.Write(
            "INSERT INTO management_keys (environment, id, name, rights, created_by, revoked, deleted, expires_at, created_at, updated_at)"
            + " VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $7, $8)",
            key.Environment, key.Id, key.Name, (long)key.Rights, key.CreatedBy, key.ExpiresAt?.UnixMilliseconds,
            key.CreatedAt.UnixMilliseconds, key.UpdatedAt.UnixMilliseconds);
        InsertSecret(session, key, key.Secrets[^1], digest);
    }

    /// <summary>Writes what may change of the key itself.</summary>
    public static void Update(Session session, ManagementKey key)
        => session.Write(
            "UPDATE management_keys SET name = $1, rights = $2, revoked = $3, deleted = $4, revoked_at = $5, revocation_reason = $6, expires_at = $7,"
            + " updated_at = $8 WHERE environment = $9 AND id = $10",
            key.Name, (long)key.Rights, key.Revoked ? 1 : 0, key.Deleted ? 1 : 0, key.RevokedAt?.UnixMilliseconds, key.RevocationReason,
            key.ExpiresAt?.UnixMilliseconds, key.UpdatedAt.UnixMilliseconds, key.Environment, key.Id);

    /// <summary>Adds a secret to a key that is there.</summary>
    public static void InsertSecret(Session session, ManagementKey key, KeySecret secret, byte[] digest)
        => session.Write(
            "INSERT INTO management_key_secrets (key_id, number, id, digest, obfuscated_value, ended, ends_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            key.Id, secret.Number, secret.Id, digest, secret.ObfuscatedValue, secret.Ended ? 1 : 0, secret.EndsAt?.UnixMilliseconds,
            secret.CreatedAt.UnixMilliseconds);

    /// <summary>Writes when a secret ends.</summary>
    public static void UpdateSecret(Session session, ManagementKey key, KeySecret secret)
        => session.Write(
            "UPDATE management_key_secrets SET ended = $1, ends_at = $2 WHERE key_id = $3 AND number = $4",
            secret.Ended ? 1 : 0, secret.EndsAt?.UnixMilliseconds, key.Id, secret.Number);

    /// <summary>Writes when secrets were last used.</summary>
    public static void WriteUsage(Session session, IReadOnlyList<(string SecretId, string KeyId, long AtMilliseconds)> uses)
    {
        foreach (var (secretId, keyId, at) in uses)
            session.Write("UPDATE management_key_secrets SET last_used_at = $1 WHERE key_id = $2 AND id = $3", at, keyId, secretId);
    }

    private static ManagementKey? WithSecrets(Session session, ManagementKey? key) => key is null ? null : key with { Secrets = AskSecrets(session, key.Id).Rows };

    private static Asked<KeySecret> AskSecrets(Session session, string keyId)
        => session.Ask(
            "SELECT id, number, obfuscated_value, created_at, ends_at, ended, last_used_at FROM management_key_secrets WHERE key_id = $1 ORDER BY number", MapSecret, keyId);

    private static KeySecret MapSecret(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        Number = row.GetInt32(1),
        ObfuscatedValue = row.GetString(2),
        CreatedAt = row.Time(3),
        EndsAt = row.TimeOrNull(4),
        Ended = row.Flag(5),
        LastUsedAt = row.TimeOrNull(6),
    };

    private static ManagementKey Map(DbDataReader row) => Map(row, 0);

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
