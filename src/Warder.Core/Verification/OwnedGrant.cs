using Warder.Core.Directory;

namespace Warder.Core.Verification;

/// <summary>
/// A grant in the hands of an owner: all that the keys of one owner with the same permissions have in common, and the part of a decision
/// that changes under them. Immutable; what it refers to is not.
/// </summary>
public sealed class OwnedGrant
{
    internal OwnedGrant(int environment, OrganizationState organization, MembershipState? membership, GrantState grant)
        => (Environment, Organization, Membership, Grant) = (environment, organization, membership, grant);

    /// <summary>The environment's number.</summary>
    public int Environment { get; }

    /// <summary>The organization that owns the keys, or in which their user does.</summary>
    public OrganizationState Organization { get; }

    /// <summary>The owner of a user's keys; null for an organization's.</summary>
    public MembershipState? Membership { get; }

    /// <summary>What was granted.</summary>
    public GrantState Grant { get; }

    /// <summary>What kind of owner it is.</summary>
    public OwnerTypes OwnerType => Membership is null ? OwnerTypes.Organization : OwnerTypes.User;

    /// <summary>How many cached entries refer to this. Guarded by the cache's lock.</summary>
    internal int References { get; set; }
}
