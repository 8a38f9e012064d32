using Warder.Core.Time;

namespace Warder.Core.Directory;

/// <summary>Whether a member's keys can work.</summary>
public enum MembershipStatus
{
    /// <summary>They can.</summary>
    Active = 0,

    /// <summary>They are suspended until the membership is reactivated.</summary>
    Inactive = 1,

    /// <summary>The membership is gone; so are its keys, for good.</summary>
    Ended = 2,
}

/// <summary>A person's place in an organization.</summary>
public sealed record Membership
{
    /// <summary><c>om_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The environment's number.</summary>
    public required int Environment { get; init; }

    /// <summary>The member.</summary>
    public required string UserId { get; init; }

    /// <summary>The member when this was read.</summary>
    public required User User { get; init; }

    /// <summary>The organization.</summary>
    public required string OrganizationId { get; init; }

    /// <summary>The organization's name when this was read.</summary>
    public required string OrganizationName { get; init; }

    /// <summary>The role that caps what the member's keys may do.</summary>
    public required string RoleId { get; init; }

    /// <summary>The role's slug when this was read.</summary>
    public required string RoleSlug { get; init; }

    /// <summary>Active or not.</summary>
    public required MembershipStatus Status { get; init; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required Instant UpdatedAt { get; init; }
}
