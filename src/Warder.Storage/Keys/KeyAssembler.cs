using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Core.Verification;
using Warder.Storage.Access;

namespace Warder.Storage.Keys;

/// <summary>
/// Assembles keys from their rows, secrets, permission sets and owners' roles. Shared rows are read once. All queries are queued before the
/// first wait.
/// </summary>
internal sealed class KeyAssembler(Session session, AccessReads access)
{
    /// <summary>The reason shown for the keys of a deleted owner. It is derived, and stored in no key.</summary>
    public const string OwnerDeleted = "owner_deleted";

    private static readonly Lazy<Ceiling> OfOrganization = new(Ceiling.OfOrganization), Nothing = new(Ceiling.Nothing);

    /// <summary>The keys of these rows.</summary>
    public List<ApiKey> Assemble(List<KeyRow> rows)
        => rows.ConvertAll(row => Defer(row, DeferSecrets(row.Environment, row.Id))).ConvertAll(static deferred => deferred());

    /// <summary>Assembles the key of an id from a row that is already requested; null when there is none.</summary>
    public ApiKey? Assemble(Deferred<KeyRow> row, int environment, string id)
    {
        var secrets = DeferSecrets(environment, id);
        var granted = access.KnowsNoSet ? PermissionSetTable.DeferLivingOf(session, environment, id) : null;
        if (row.First is not { } found)
            return null;
        if (granted is not null)
            access.Learn(found.PermissionSetId, granted);
        return Defer(found, secrets)();
    }

    private Func<ApiKey> Defer(KeyRow row, Deferred<KeySecret> secrets)
    {
        var granted = access.DeferSet(session, row.Environment, row.PermissionSetId);
        var ceiling = row.Owner.Match(
            static _ => OfOrganization, (_, _) => row.RoleId is null ? Nothing : access.DeferCeiling(session, row.Environment, row.RoleId));
        return () => Assemble(row, secrets.Rows, granted.Rows, ceiling.Value);
    }

    private static ApiKey Assemble(KeyRow row, IReadOnlyList<KeySecret> secrets, IReadOnlyList<Permission> granted, Ceiling ceiling)
    {
        var ownerDeleted = row.OwnerEndedAt is not null && row.State != KeyState.Revoked;
        return new ApiKey
        {
            Id = row.Id,
            Environment = row.Environment,
            Owner = row.Owner,
            Name = row.Name,
            Purpose = row.Purpose,
            ResponsibleUserId = row.ResponsibleUserId,
            CreatedBy = row.CreatedBy,
            PermissionSetId = row.PermissionSetId,
            Permissions = granted,
            EffectivePermissions = [.. granted.Where(ceiling.Allows)],
            State = row.State,
            OwnerStanding = row.Owner.Match(
                _ => DecisionRules.StandingOf(row.OwnerEndedAt is not null),
                (_, _) => DecisionRules.StandingOf(row.OwnerEndedAt is not null, row.MembershipStatus ?? MembershipStatus.Ended, false)),
            ExpiresAt = row.ExpiresAt,
            SuspendedAt = row.SuspendedAt,
            SuspensionReason = row.SuspensionReason,
            RevokedAt = ownerDeleted ? row.OwnerEndedAt : row.RevokedAt,
            RevocationReason = ownerDeleted ? OwnerDeleted : row.RevocationReason,
            Deleted = row.Deleted,
            Secrets = [.. secrets.Reverse()],
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
        };
    }

    // Newest first. An overlap ends every older secret no later than the newer ones. The secrets that still work are therefore among the
    // last few, after any number of rotations.
    private Deferred<KeySecret> DeferSecrets(int environment, string id)
        => session.Defer(
            "SELECT s.id, s.number, s.obfuscated_value, s.created_at, s.ends_at, s.ended, u.last_used_at FROM api_key_secrets s"
            + " LEFT JOIN api_key_uses u ON u.key_id = s.key_id AND u.secret_number = s.number"
            + " WHERE s.environment = $1 AND s.key_id = $2 ORDER BY s.number DESC LIMIT $3",
            static secret => new KeySecret
            {
                Id = secret.GetString(0),
                Number = secret.GetInt32(1),
                ObfuscatedValue = secret.GetString(2),
                CreatedAt = secret.Time(3),
                EndsAt = secret.TimeOrNull(4),
                Ended = secret.Flag(5),
                LastUsedAt = secret.TimeOrNull(6),
            },
            environment, id, KeyLifecycle.MaxLiveSecrets + 1);
}
