namespace Warder.Core.Directory;

/// <summary>Who a key may act for; also a set of them, for what a permission may be granted to.</summary>
[Flags]
public enum OwnerTypes
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>An organization.</summary>
    Organization = 1,

    /// <summary>A user in an organization: bound to the membership.</summary>
    User = 2,

    /// <summary>A script, service or agent.</summary>
    Workload = 4,

    /// <summary>Every kind of owner.</summary>
    All = Organization | User | Workload,
}

/// <summary>Whether an owner's keys can work.</summary>
public enum OwnerStanding
{
    /// <summary>The owner is there and active.</summary>
    Active,

    /// <summary>The owner's membership is deactivated; it can be reactivated.</summary>
    Inactive,

    /// <summary>The owner is gone for good.</summary>
    Ended,
}

/// <summary>The owner of a key. A user's key is bound to the membership, so that leaving and joining again does not revive it.</summary>
/// <param name="Type">One type.</param>
/// <param name="OrganizationId">The organization that owns the key, or in which its user does.</param>
/// <param name="MembershipId">The user's membership; null for an organization's key.</param>
/// <param name="UserId">The user; null for an organization's key.</param>
public sealed record KeyOwner(OwnerTypes Type, string OrganizationId, string? MembershipId, string? UserId)
{
    /// <summary>A key of the organization itself.</summary>
    public static KeyOwner OfOrganization(string organizationId) => new(OwnerTypes.Organization, organizationId, null, null);

    /// <summary>A key of a user in an organization.</summary>
    public static KeyOwner OfMember(Membership membership)
        => new(OwnerTypes.User, membership.OrganizationId, membership.Id, membership.UserId);
}
