using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Storage.Lists;

namespace Warder.Storage.Keys;

/// <summary>Which keys a list shows. Everything that is null is no condition.</summary>
public sealed record KeyFilter
{
    /// <summary>Keys of this organization: its own, and its members'.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Only the organization's own keys.</summary>
    public bool OrganizationOwnedOnly { get; init; }

    /// <summary>Keys of this user.</summary>
    public string? UserId { get; init; }

    /// <summary>Keys of this membership.</summary>
    public string? MembershipId { get; init; }

    /// <summary>Keys that are in this status now.</summary>
    public KeyStatus? Status { get; init; }

    /// <summary>Keys that were granted this registered permission, by its id.</summary>
    public string? PermissionId { get; init; }

    /// <summary>Keys that this management key issued.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Keys for which this user answers.</summary>
    public string? ResponsibleUserId { get; init; }

    /// <summary>Keys that end before this time.</summary>
    public Instant? ExpiresBefore { get; init; }

    /// <summary>Keys that were not used since this time, or never.</summary>
    public Instant? UnusedSince { get; init; }

    /// <summary>Whether deleted keys are shown too.</summary>
    public bool Deleted { get; init; }

    /// <summary>Only keys that have not ended at this time: what <see cref="KeyEndings"/> counts.</summary>
    public Instant? NotEndedAt { get; init; }

    internal ListQuery Apply(ListQuery query, Instant at)
    {
        query.WhereIf(OrganizationId, "k.organization_id = ?")
            .WhereIf(UserId, "k.user_id = ? AND k.user_id <> ''")
            .WhereIf(MembershipId, "k.membership_id = ?")
            .WhereIf(PermissionId, "k.permission_set_id IN (SELECT set_id FROM permission_set_members WHERE permission_id = ?)")
            .WhereIf(CreatedBy, "k.created_by = ?")
            .WhereIf(ResponsibleUserId, "k.responsible_user_id = ?")
            .WhereIf(ExpiresBefore?.UnixMilliseconds, "k.expires_at < ?")
            .WhereIf(
                UnusedSince?.UnixMilliseconds,
                "NOT EXISTS (SELECT 1 FROM api_key_uses x WHERE x.key_id = k.id AND x.last_used_at >= ?)");
        if (OrganizationOwnedOnly)
            query.Where("k.membership_id = ''");
        if (NotEndedAt is { } now)
            query.Where("k.state = 0 AND (k.expires_at IS NULL OR k.expires_at > ?) AND m.deleted_at IS NULL", now.UnixMilliseconds);
        if (!Deleted)
            query.Where("k.deleted = 0");
        const string living = "k.state = 0 AND (k.expires_at IS NULL OR k.expires_at > ?)";
        // As near as SQL comes; the function that validates has the last word.
        return Status switch
        {
            KeyStatus.Revoked => query.Where("(k.state = 2 OR o.deleted_at IS NOT NULL OR m.deleted_at IS NOT NULL OR u.deleted_at IS NOT NULL)"),
            KeyStatus.Expired => query.Where("(k.state = 1 OR (k.state = 0 AND k.expires_at <= ?))", at.UnixMilliseconds),
            KeyStatus.Suspended => query.Where("k.suspended_at IS NOT NULL AND " + living, at.UnixMilliseconds),
            KeyStatus.OwnerInactive => query.Where("m.status = 1 AND k.suspended_at IS NULL AND " + living, at.UnixMilliseconds),
            KeyStatus.Active => query.Where("(m.status IS NULL OR m.status = 0) AND k.suspended_at IS NULL AND " + living, at.UnixMilliseconds),
            _ => query,
        };
    }

    internal Func<ApiKey, bool>? Keeps(Instant now) => Status is { } status ? key => Verifier.StatusOf(key, now) == status : null;
}
