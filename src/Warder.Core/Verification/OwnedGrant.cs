using Warder.Core.Directory;

namespace Warder.Core.Verification;

/// <summary>
/// A grant in the hands of an owner: all that the keys of one owner with the same permissions have in common, and the part of a decision
/// that changes under them. Immutable; what it refers to is not.
/// </summary>
public sealed class OwnedGrant
{
    internal OwnedGrant(int environment, Owner<OrganizationState, MembershipState> owner, GrantState grant)
        => (Environment, Owner, Grant) = (environment, owner, grant);

    /// <summary>The environment's number.</summary>
    public int Environment { get; }

    /// <summary>The owner of the keys.</summary>
    public Owner<OrganizationState, MembershipState> Owner { get; }

    /// <summary>What was granted.</summary>
    public GrantState Grant { get; }

    /// <summary>How many cached entries refer to this. Guarded by the cache's lock.</summary>
    internal int References { get; set; }
}
