using Warder.Client.Lists;
using Warder.Client.Transport;

namespace Warder.Client.Keys;

/// <summary>Selects keys of the environment. A condition that is left out selects all keys.</summary>
public sealed record KeyQuery : ListQuery
{
    /// <summary>Keys of this organization, or of users in it.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Keys of this user.</summary>
    public string? UserId { get; init; }

    /// <summary>Keys in this status.</summary>
    public string? Status { get; init; }

    /// <summary>Keys that were granted this slug.</summary>
    public string? Permission { get; init; }

    /// <summary>Keys that this management key issued.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Keys with this responsible user.</summary>
    public string? ResponsibleUserId { get; init; }

    /// <summary>Keys with a scheduled expiry before this time.</summary>
    public DateTimeOffset? ExpiresBefore { get; init; }

    /// <summary>Keys from before this time that have not been used since. Ended keys only with <see cref="Status"/>.</summary>
    public DateTimeOffset? UnusedSince { get; init; }

    internal override Target AddTo(Target target) => base.AddTo(target)
        .With("organization_id", OrganizationId)
        .With("user_id", UserId)
        .With("status", Status)
        .With("permission", Permission)
        .With("created_by", CreatedBy)
        .With("responsible_user_id", ResponsibleUserId)
        .With("expires_before", ExpiresBefore)
        .With("unused_since", UnusedSince);
}

/// <summary>Selects keys of one user.</summary>
public sealed record UserKeyQuery : ListQuery
{
    /// <summary>Only keys that the user holds in this organization.</summary>
    public string? OrganizationId { get; init; }

    internal override Target AddTo(Target target) => base.AddTo(target).With("organization_id", OrganizationId);
}
