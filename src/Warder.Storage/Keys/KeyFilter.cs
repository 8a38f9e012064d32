using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Storage.Lists;

namespace Warder.Storage.Keys;

/// <summary>Selects the keys of a list. A null property is not a condition.</summary>
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

    /// <summary>Keys that existed at this time, and were not used since.</summary>
    public Instant? UnusedSince { get; init; }

    /// <summary>Whether deleted keys are shown too.</summary>
    public bool Deleted { get; init; }

    /// <summary>Only keys that are neither expired nor revoked now.</summary>
    public bool NotEnded { get; init; }

    /// <summary>Only keys that have not ended at this time: the keys that <see cref="KeyEndings"/> counts.</summary>
    public Instant? NotEndedAt { get; init; }

    /// <summary>Makes the list, over the rows of the narrowest owner with an index in the order of the keys.</summary>
    /// <param name="select">The text before <c>WHERE</c>.</param>
    /// <param name="environment">The environment's number.</param>
    /// <param name="at">The time for which the statuses are decided.</param>
    internal ListQuery Query(string select, int environment, Instant at)
    {
        ListQuery Over(string scope, params ReadOnlySpan<object?> values) => new(select, "api_keys k", "k.id", scope, values);
        var query = this switch
        {
            { MembershipId: { } membership } => Over("k.membership_id = ? AND k.membership_id <> ''", membership),
            { UserId: { } user } => Over("k.user_id = ? AND k.user_id <> ''", user),
            { OrganizationId: { } organization } => Over("k.organization_id = ?", organization),
            { ResponsibleUserId: { } responsible } => Over("k.responsible_user_id = ?", responsible),
            _ => Over("k.environment = ?", environment),
        };
        // The plus keeps the planner from a walk through the whole environment in the list's order where an owner's index holds a few keys.
        return Apply(query.Where("+k.environment = ?", environment), at);
    }

    private ListQuery Apply(ListQuery query, Instant at)
    {
        // Conditions that no scope above has. Concatenations and COALESCE keep the planner on the scope's index: the rows of another index
        // are not bounded by the scope. A subquery that gives one number is evaluated only for the examined rows.
        query.WhereIf(UserId is null && MembershipId is null ? null : OrganizationId, "(k.organization_id || '') = ?")
            .WhereIf(MembershipId is null ? null : UserId, "(k.user_id || '') = ?")
            .WhereIf(
                PermissionId,
                "(SELECT COUNT(*) FROM permission_set_members g WHERE g.set_id = k.permission_set_id AND g.permission_id = ?) > 0")
            .WhereIf(CreatedBy, "k.created_by = ?")
            .WhereIf(ResponsibleUserId, "(k.responsible_user_id || '') = ?")
            .WhereIf(ExpiresBefore?.UnixMilliseconds, "COALESCE(k.expires_at, 9223372036854775807) < ?")
            .WhereIf(
                UnusedSince?.UnixMilliseconds,
                "COALESCE((SELECT MAX(x.last_used_at) FROM api_key_uses x WHERE x.key_id = k.id), 0) < ?")
            .WhereIf(UnusedSince?.UnixMilliseconds, "k.created_at < ?");
        if (OrganizationOwnedOnly)
            query.Where("k.membership_id = ''");
        if (NotEndedAt is { } now)
            query.Where("k.state = 0 AND (k.expires_at IS NULL OR k.expires_at > ?) AND m.deleted_at IS NULL", now.UnixMilliseconds);
        if (!Deleted)
            query.Where("k.deleted = 0");
        if (NotEnded)
            query.Where("k.state = 0 AND (k.expires_at IS NULL OR k.expires_at > ?)", at.UnixMilliseconds);
        const string living = "k.state = 0 AND (k.expires_at IS NULL OR k.expires_at > ?)";
        // An approximation in SQL; the decision function then decides on each row.
        return Status switch
        {
            KeyStatus.Revoked => query.Where(
                "(k.state = 2 OR o.deleted_at IS NOT NULL OR m.deleted_at IS NOT NULL OR u.deleted_at IS NOT NULL)"),
            KeyStatus.Expired => query.Where("(k.state = 1 OR (k.state = 0 AND k.expires_at <= ?))", at.UnixMilliseconds),
            KeyStatus.Suspended => query.Where("k.suspended_at IS NOT NULL AND " + living, at.UnixMilliseconds),
            KeyStatus.OwnerInactive => query.Where("m.status = 1 AND k.suspended_at IS NULL AND " + living, at.UnixMilliseconds),
            KeyStatus.Active => query.Where(
                "(m.status IS NULL OR m.status = 0) AND k.suspended_at IS NULL AND " + living, at.UnixMilliseconds),
            _ => query,
        };
    }

    internal Func<ApiKey, bool>? Keeps(Instant now) => Status is { } status
        ? key => DecisionRules.StatusOf(key, now) == status
        : NotEnded ? key => DecisionRules.StatusOf(key, now) is not (KeyStatus.Expired or KeyStatus.Revoked) : null;
}
