using System.Data.Common;
using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Storage.Access;
using Warder.Storage.Lists;

namespace Warder.Storage.Keys;

/// <summary>The tables <c>api_keys</c> and <c>api_key_secrets</c>.</summary>
public static class KeyTable
{
    private const string Select =
        "SELECT k.environment, k.id, k.organization_id, k.membership_id, k.user_id, k.name, k.purpose, k.responsible_user_id, k.created_by,"
        + " k.permission_set_id, k.state, k.expires_at, k.suspended_at, k.suspension_reason, k.revoked_at, k.revocation_reason, k.deleted,"
        + " k.created_at, k.updated_at, o.deleted_at, m.deleted_at, u.deleted_at, m.status, m.role_id FROM api_keys k"
        + " JOIN organizations o ON o.environment = k.environment AND o.id = k.organization_id"
        + " LEFT JOIN memberships m ON m.environment = k.environment AND m.id = k.membership_id"
        + " LEFT JOIN users u ON u.environment = k.environment AND u.id = k.user_id";

    private const string Organizations =
        "SELECT 1 FROM api_keys k JOIN organizations o ON o.environment = k.environment AND o.id = k.organization_id"
        + " WHERE k.environment = $1 AND k.id = $2";

    private const string Members =
        "SELECT 1 FROM api_keys k JOIN memberships m ON m.environment = k.environment AND m.id = k.membership_id"
        + " JOIN users u ON u.environment = k.environment AND u.id = k.user_id WHERE k.environment = $1 AND k.id = $2";

    /// <summary>One, by id; null when there is none.</summary>
    public static ApiKey? Find(Session session, int environment, string id) => Find(session, environment, id, new AccessReads());

    /// <summary>One to be changed, by id, with what a batch has read already of permissions and roles.</summary>
    public static ApiKey? Find(Session session, int environment, string id, AccessReads access)
    {
        // Owners before what they own, the same for all.
        session.LockRows(Organizations, RowLock.Share, "o", environment, id);
        session.LockRows(Members, RowLock.Share, "m, u", environment, id);
        session.LockRows("SELECT 1 FROM api_keys WHERE environment = $1 AND id = $2", RowLock.Update, null, environment, id);
        return new KeyAssembler(session, access).Assemble(
            session.Defer(Select + " WHERE k.environment = $1 AND k.id = $2", KeyRow.Map, environment, id), environment, id);
    }

    /// <summary>Whether there is or was one of this id: what a cursor may name.</summary>
    public static bool Existed(Session session, int environment, string id)
        => session.Number("SELECT COUNT(*) FROM api_keys WHERE environment = $1 AND id = $2", environment, id) > 0;

    /// <summary>Whether a digest is stored already.</summary>
    public static bool DigestTaken(Session session, int environment, byte[] digest)
        => session.Number("SELECT COUNT(*) FROM api_key_secrets WHERE environment = $1 AND digest = $2", environment, digest) > 0;

    /// <summary>A page of what the filter lets through.</summary>
    public static Page<ApiKey> List(Session session, int environment, KeyFilter filter, PageRequest page, Instant now)
    {
        var assembler = new KeyAssembler(session, new AccessReads());
        return filter.Query(Select, environment, now)
            .Page(session, page, KeyRow.Map, assembler.Assemble, static key => key.Id, filter.Keeps(now));
    }

    /// <summary>Adds a key with its secrets.</summary>
    /// <param name="session">The writer's.</param>
    /// <param name="key">The key.</param>
    /// <param name="digest">SHA-256 of its one secret.</param>
    /// <param name="scheme">What it was imported under; null when it was issued here.</param>
    public static void Insert(Session session, ApiKey key, byte[] digest, ImportScheme? scheme = null)
    {
        var (membershipId, userId) = key.Owner.Match(static _ => ("", ""), static (_, member) => (member.MembershipId, member.UserId));
        session.Write(
            "INSERT INTO api_keys (environment, id, organization_id, membership_id, user_id,"
            + " name, purpose, responsible_user_id, created_by,"
            + " permission_set_id, state, expires_at, deleted, created_at, updated_at)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14)",
            key.Environment, key.Id, key.Owner.Organization, membershipId, userId, key.Name, key.Purpose,
            key.ResponsibleUserId, key.CreatedBy, key.PermissionSetId, (int)key.State, key.ExpiresAt?.UnixMilliseconds,
            key.CreatedAt.UnixMilliseconds, key.UpdatedAt.UnixMilliseconds);
        InsertSecret(session, key, key.Secrets[^1], digest, scheme);
    }

    /// <summary>Writes what may change of the key itself.</summary>
    public static void Update(Session session, ApiKey key)
    {
        session.Write(
            "UPDATE api_keys SET name = $1, purpose = $2, responsible_user_id = $3, permission_set_id = $4, state = $5, expires_at = $6,"
            + " suspended_at = $7, suspension_reason = $8, revoked_at = $9, revocation_reason = $10, deleted = $11, updated_at = $12"
            + " WHERE environment = $13 AND id = $14",
            key.Name, key.Purpose, key.ResponsibleUserId, key.PermissionSetId, (int)key.State, key.ExpiresAt?.UnixMilliseconds,
            key.SuspendedAt?.UnixMilliseconds, key.SuspensionReason, key.RevokedAt?.UnixMilliseconds, key.RevocationReason,
            key.Deleted ? 1 : 0, key.UpdatedAt.UnixMilliseconds, key.Environment, key.Id);
        // A deleted key needs its scheme no more.
        if (key.Deleted)
        {
            session.Write(
                "UPDATE api_key_secrets SET import_scheme = NULL WHERE environment = $1 AND key_id = $2 AND import_scheme IS NOT NULL",
                key.Environment, key.Id);
        }
    }

    /// <summary>Adds a secret to a key that is there.</summary>
    public static void InsertSecret(Session session, ApiKey key, KeySecret secret, byte[] digest, ImportScheme? scheme = null)
        => session.Write(
            "INSERT INTO api_key_secrets (environment, key_id, number, id, digest,"
            + " obfuscated_value, ended, ends_at, created_at, import_scheme)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            key.Environment, key.Id, secret.Number, secret.Id, digest, secret.ObfuscatedValue, secret.Ended ? 1 : 0,
            secret.EndsAt?.UnixMilliseconds, secret.CreatedAt.UnixMilliseconds, scheme?.Id);

    /// <summary>Writes when a secret ends.</summary>
    public static void UpdateSecret(Session session, ApiKey key, KeySecret secret)
        => session.Write(
            "UPDATE api_key_secrets SET ended = $1, ends_at = $2 WHERE environment = $3 AND key_id = $4 AND number = $5",
            secret.Ended ? 1 : 0, secret.EndsAt?.UnixMilliseconds, key.Environment, key.Id, secret.Number);

    /// <summary>Writes when secrets were last used; fastest in the order of their keys. No event, and no change of the key.</summary>
    public static void WriteUsage(Session session, IReadOnlyList<Usage> uses)
    {
        foreach (var use in uses)
        {
            var id = Core.Ids.Id.Format(Core.Ids.IdKind.ApiKey, use.KeyId);
            session.Write(
                "INSERT INTO api_key_uses (key_id, secret_number, last_used_at)"
                + " SELECT key_id, number, $3 FROM api_key_secrets WHERE environment = $4 AND key_id = $1 AND number = $2"
                + " ON CONFLICT (key_id, secret_number) DO UPDATE SET last_used_at = excluded.last_used_at"
                + " WHERE api_key_uses.last_used_at < excluded.last_used_at",
                id, use.SecretNumber, use.LastUsedAtMilliseconds, use.Environment);
        }
    }

    /// <summary>Keys past their time that are not marked expired yet, and that did not end with their owner before.</summary>
    /// <param name="session">Any.</param>
    /// <param name="since">Keys that were due by then have been seen to: a key's time is never set to the past.</param>
    /// <param name="now">Keys that are due by now.</param>
    /// <param name="limit">How many at most.</param>
    public static List<(int Environment, string Id)> Overdue(Session session, Instant since, Instant now, int limit)
        => session.All(
            "SELECT k.environment, k.id FROM api_keys k JOIN organizations o ON o.environment = k.environment AND o.id = k.organization_id"
            + " LEFT JOIN memberships m ON m.environment = k.environment AND m.id = k.membership_id"
            + " WHERE k.state = 0 AND k.expires_at > $1 AND k.expires_at <= $2 AND o.deleted_at IS NULL AND m.deleted_at IS NULL"
            + " ORDER BY k.expires_at LIMIT $3",
            static row => (row.GetInt32(0), row.GetString(1)), since.UnixMilliseconds, now.UnixMilliseconds, limit);
}
