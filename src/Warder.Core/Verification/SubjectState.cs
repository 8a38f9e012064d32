using System.Collections.Frozen;
using Warder.Core.Directory;

namespace Warder.Core.Verification;

/// <summary>
/// The state that many cached keys share. A change to a subject is one write to its state, for any number of keys under it.
/// </summary>
/// <remarks>
/// Mutable. Only <see cref="KeyCache"/> writes it, under its lock and inside a change of its version. Readers take no lock: a decision is
/// discarded when the version changed during it.
/// </remarks>
public abstract class SubjectState(UInt128 id)
{
    /// <summary>The id's body.</summary>
    public UInt128 Id { get; } = id;

    /// <summary>The number of cached grants and subjects that refer to this state. Guarded by the cache's lock.</summary>
    internal int References { get; set; }

    /// <summary>The first grant to this owner; null when the subject owns no key. Guarded by the cache's lock.</summary>
    internal OwnedGrant? FirstGrant { get; set; }
}

/// <summary>The part of an organization's state that its keys depend on.</summary>
public sealed class OrganizationState(UInt128 id, bool ended) : SubjectState(id)
{
    private volatile bool ended = ended;

    /// <summary>Whether it was deleted.</summary>
    public bool Ended
    {
        get => ended;
        internal set => ended = value;
    }
}

/// <summary>The part of a user's state that keys depend on.</summary>
public sealed class UserState(UInt128 id, bool ended) : SubjectState(id)
{
    private volatile bool ended = ended;

    /// <summary>Whether it was deleted.</summary>
    public bool Ended
    {
        get => ended;
        internal set => ended = value;
    }
}

/// <summary>The permissions that a role allows to its members' keys.</summary>
public sealed class RoleState(UInt128 id, FrozenSet<UInt128>? permissions) : SubjectState(id)
{
    private volatile FrozenSet<UInt128>? permissions = permissions;

    /// <summary>The permissions of a capped role; null for an uncapped role.</summary>
    public FrozenSet<UInt128>? Permissions
    {
        get => permissions;
        internal set => permissions = value;
    }
}

/// <summary>A membership: the owner of its user's keys in one organization.</summary>
public sealed class MembershipState(UInt128 id, OrganizationState organization, UserState user, RoleState role, MembershipStatus status)
    : SubjectState(id)
{
    private volatile RoleState role = role;
    private volatile MembershipStatus status = status;

    /// <summary>The organization.</summary>
    public OrganizationState Organization { get; } = organization;

    /// <summary>The member.</summary>
    public UserState User { get; } = user;

    /// <summary>The membership's role.</summary>
    public RoleState Role
    {
        get => role;
        internal set => role = value;
    }

    /// <summary>Active, inactive or gone.</summary>
    public MembershipStatus Status
    {
        get => status;
        internal set => status = value;
    }
}

/// <summary>A registered permission.</summary>
public sealed class PermissionState(UInt128 id, byte[] slug, OwnerTypes allowed, bool ended) : SubjectState(id)
{
    private volatile OwnerTypes allowed = ended ? OwnerTypes.None : allowed;

    /// <summary>The slug in UTF-8; ASCII that needs no escaping in JSON.</summary>
    public ReadOnlySpan<byte> Slug => slug;

    /// <summary>The types of owners with keys that may have the permission; none after its deletion.</summary>
    public OwnerTypes Allowed
    {
        get => allowed;
        internal set => allowed = value;
    }
}

/// <summary>A stored set of permissions, shared by every key that was granted the same. Its content never changes.</summary>
public sealed class GrantState(long id, PermissionState[] permissions)
{
    /// <summary>The stored set's number.</summary>
    public long Id { get; } = id;

    /// <summary>The permissions, in the order in which they were granted.</summary>
    public ReadOnlySpan<PermissionState> Permissions => permissions;

    /// <summary>The number of owners that have it. Guarded by the cache's lock.</summary>
    internal int References { get; set; }
}
