using Warder.Core.Directory;
using Warder.Core.Keys;

namespace Warder.Core.Verification;

/// <summary>One secret as one read of the store returns it: from one snapshot, with the log's head in that snapshot.</summary>
public sealed record LoadedKey
{
    /// <summary>The log's head in the same snapshot.</summary>
    public required long AsOfSequence { get; init; }

    /// <summary>The environment's number.</summary>
    public required int Environment { get; init; }

    /// <summary>The feature level that the environment requires, from the same snapshot.</summary>
    public required int RequiredLevel { get; init; }

    /// <summary>The key's id.</summary>
    public required UInt128 Id { get; init; }

    /// <summary>Which of the key's secrets was presented.</summary>
    public required int SecretNumber { get; init; }

    /// <summary>The owner.</summary>
    public required Owner<LoadedOrganization, LoadedMembership> Owner { get; init; }

    /// <summary>The stored set of what was granted.</summary>
    public required LoadedGrant Grant { get; init; }

    /// <summary>How the key stands of itself.</summary>
    public required KeyState State { get; init; }

    /// <summary>Whether it is suspended.</summary>
    public required bool Suspended { get; init; }

    /// <summary>Whether this secret was ended outright.</summary>
    public required bool SecretEnded { get; init; }

    /// <summary>Unix milliseconds, or <see cref="KeyEntry.Never"/>.</summary>
    public required long ExpiresAtMilliseconds { get; init; }

    /// <summary>Unix milliseconds, or <see cref="KeyEntry.Never"/>.</summary>
    public required long SecretEndsAtMilliseconds { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long CreatedAtMilliseconds { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public required long UpdatedAtMilliseconds { get; init; }

    /// <summary>Unix milliseconds, or <see cref="KeyEntry.Never"/>.</summary>
    public required long LastUsedAtMilliseconds { get; init; }

    /// <summary>The name and then the obfuscated value, in UTF-8.</summary>
    public required byte[] Text { get; init; }

    /// <summary>How much of <see cref="Text"/> is the name.</summary>
    public required int NameLength { get; init; }

    /// <summary>In a replica: proves to its node that the key was sent to it; 48 bits, 0 for none.</summary>
    public long UseProof { get; init; }
}

/// <summary>An organization as it was read.</summary>
/// <param name="Id">The organization.</param>
/// <param name="Ended">Whether it was deleted.</param>
public sealed record LoadedOrganization(UInt128 Id, bool Ended);

/// <summary>A membership as it was read.</summary>
/// <param name="Id">The membership.</param>
/// <param name="Status">Active, inactive or gone.</param>
/// <param name="UserId">The member.</param>
/// <param name="UserEnded">Whether the user was deleted.</param>
/// <param name="Role">The role that caps it.</param>
public sealed record LoadedMembership(UInt128 Id, MembershipStatus Status, UInt128 UserId, bool UserEnded, LoadedRole Role);

/// <summary>A role as it was read.</summary>
/// <param name="Id">The role.</param>
/// <param name="Permissions">The permissions of a capped role; null: it caps nothing.</param>
public sealed record LoadedRole(UInt128 Id, IReadOnlyCollection<UInt128>? Permissions);

/// <summary>A stored set of permissions as it was read.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Permissions">What is in it, in order.</param>
public sealed record LoadedGrant(long Id, IReadOnlyList<LoadedPermission> Permissions);

/// <summary>A permission as it was read.</summary>
/// <param name="Id">The permission.</param>
/// <param name="Slug">Its slug in UTF-8.</param>
/// <param name="Allowed">The types of owners with keys that may carry the permission.</param>
/// <param name="Ended">Whether it was deleted.</param>
public sealed record LoadedPermission(UInt128 Id, byte[] Slug, OwnerTypes Allowed, bool Ended);
