using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Core.Verification;
using Warder.Storage.Access;

namespace Warder.Storage.Keys;

/// <summary>Puts a key together from its row, its secrets, its permission set and its owner's role. What they share is read once.</summary>
internal sealed class KeyAssembler(Session session, AccessReads access)
{
    /// <summary>The reason shown for keys whose owner was deleted: derived, written to none of them.</summary>
    public const string OwnerDeleted = "owner_deleted";

    public ApiKey Assemble(KeyRow row)
    {
        var granted = access.Set(session, row.Environment, row.PermissionSetId);
        var ceiling = row.RoleId is null ? Ceiling.OfOrganization : access.Ceiling(session, row.Environment, row.RoleId);
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
            OwnerStanding = Verifier.StandingOf(row.OwnerEndedAt is not null, row.MembershipStatus, false),
            ExpiresAt = row.ExpiresAt,
            SuspendedAt = row.SuspendedAt,
            SuspensionReason = row.SuspensionReason,
            RevokedAt = ownerDeleted ? row.OwnerEndedAt : row.RevokedAt,
            RevocationReason = ownerDeleted ? OwnerDeleted : row.RevocationReason,
            Deleted = row.Deleted,
            Secrets = Secrets(row),
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
        };
    }

    // An overlap ends every older secret no later than the newer ones, so those that still work are among the last few, however often a key was rotated.
    private List<KeySecret> Secrets(KeyRow row)
    {
        var secrets = session.All(
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
            row.Environment, row.Id, KeyLifecycle.MaxLiveSecrets + 1);
        secrets.Reverse();
        return secrets;
    }
}
