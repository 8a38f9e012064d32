namespace Warder.Core.Directory;

/// <summary>A type of owner that a key acts for; also a set of types, for the owners that a permission may be granted to.</summary>
[Flags]
public enum OwnerTypes
{
    /// <summary>No owner type.</summary>
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

/// <summary>Whether an owner's keys can work. The default is that they cannot.</summary>
public enum OwnerStanding
{
    /// <summary>The owner is gone for good.</summary>
    Ended,

    /// <summary>The owner's membership is deactivated; it can be reactivated.</summary>
    Inactive,

    /// <summary>The owner is there and active.</summary>
    Active,
}

/// <summary>
/// The owner of a key by its ids. A user's key is bound to the membership, so that leaving and joining again does not revive it.
/// </summary>
public static class KeyOwner
{
    /// <summary>A key of the organization itself.</summary>
    public static Owner<string, MemberIds> OfOrganization(string organizationId) => Owner<string, MemberIds>.OfOrganization(organizationId);

    /// <summary>A key of a user in an organization.</summary>
    public static Owner<string, MemberIds> OfMember(Membership membership)
        => Owner<string, MemberIds>.OfMember(membership.OrganizationId, new MemberIds(membership.Id, membership.UserId));
}

/// <summary>A member as the owner of a key.</summary>
/// <param name="MembershipId">The user's membership in the organization.</param>
/// <param name="UserId">The user.</param>
public sealed record MemberIds(string MembershipId, string UserId);
