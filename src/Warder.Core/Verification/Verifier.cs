using System.Runtime.CompilerServices;
using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Core.Time;

namespace Warder.Core.Verification;

/// <summary>What a key's status is shown as.</summary>
public enum KeyStatus
{
    /// <summary>It works.</summary>
    Active,

    /// <summary>It is suspended.</summary>
    Suspended,

    /// <summary>Its owner is inactive.</summary>
    OwnerInactive,

    /// <summary>It has expired.</summary>
    Expired,

    /// <summary>It was revoked, or its owner has ended.</summary>
    Revoked,
}

/// <summary>What a validation asks beside the token.</summary>
/// <param name="environment">The number of the environment that asks.</param>
/// <param name="permissions">Slugs that must all hold, in UTF-8, each ended by a line feed; empty: none.</param>
public readonly ref struct ValidationRequest(int environment, ReadOnlySpan<byte> permissions)
{
    /// <summary>The number of the environment that asks.</summary>
    public int Environment { get; } = environment;

    /// <summary>Slugs that must all hold, in UTF-8, each ended by a line feed.</summary>
    public ReadOnlySpan<byte> Permissions { get; } = permissions;
}

/// <summary>The only place where validity is decided: the server, every in-process verifier, the shown status and the tests all ask here.</summary>
public static class Verifier
{
    /// <summary>
    /// Decides: from a cached or freshly read secret, the request, and the time. Pure, and allocation-free. Rights are derived anew each
    /// time: what was granted, as far as it is registered, allowed to this type of owner, and left by the owner's role.
    /// </summary>
    public static Decision Decide(KeyEntry entry, in ValidationRequest request, Instant now)
    {
        if (entry.Environment != request.Environment)
            return Decision.Deny(DecisionCode.WrongEnvironment);
        var standing = Standing(
            entry.State, entry.SecretEnded, entry.Suspended, entry.ExpiresAtMilliseconds, entry.SecretEndsAtMilliseconds, OwnerOf(entry), now);
        if (standing != DecisionCode.Allowed)
            return new Decision(standing, entry, default);
        var effective = Effective(entry);
        return HasAll(entry.Grant.Permissions, effective, request.Permissions)
            ? new Decision(DecisionCode.Allowed, entry, effective)
            : new Decision(DecisionCode.InsufficientPermissions, entry, effective);
    }

    /// <summary>The status that a stored key is shown with: the same rules, without a secret or a request.</summary>
    public static KeyStatus StatusOf(ApiKey key, Instant now)
    {
        var expiresAt = key.ExpiresAt?.UnixMilliseconds ?? KeyEntry.Never;
        return Standing(key.State, false, key.SuspendedAt is not null, expiresAt, KeyEntry.Never, key.OwnerStanding, now) switch
        {
            DecisionCode.Revoked => KeyStatus.Revoked,
            DecisionCode.Expired => KeyStatus.Expired,
            DecisionCode.Suspended => KeyStatus.Suspended,
            DecisionCode.OwnerInactive => KeyStatus.OwnerInactive,
            _ => KeyStatus.Active,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DecisionCode Standing(
        KeyState state, bool secretEnded, bool suspended, long expiresAtMilliseconds, long secretEndsAtMilliseconds, OwnerStanding owner, Instant now)
    {
        if (state == KeyState.Revoked || owner == OwnerStanding.Ended)
            return DecisionCode.Revoked;
        if (state == KeyState.Expired || secretEnded || Math.Min(expiresAtMilliseconds, secretEndsAtMilliseconds) <= now.UnixMilliseconds)
            return DecisionCode.Expired;
        if (suspended)
            return DecisionCode.Suspended;
        return owner == OwnerStanding.Inactive ? DecisionCode.OwnerInactive : DecisionCode.Allowed;
    }

    /// <summary>How an owner stands: from its organization and, for a user's key, its membership (null: an organization's key) and user.</summary>
    public static OwnerStanding StandingOf(bool organizationEnded, MembershipStatus? membership, bool userEnded)
    {
        if (organizationEnded || userEnded || membership == MembershipStatus.Ended)
            return OwnerStanding.Ended;
        return membership == MembershipStatus.Inactive ? OwnerStanding.Inactive : OwnerStanding.Active;
    }

    private static OwnerStanding OwnerOf(KeyEntry entry)
        => entry.Membership is { } membership
            ? StandingOf(entry.Organization.Ended, membership.Status, membership.User.Ended)
            : StandingOf(entry.Organization.Ended, null, false);

    private static PermissionMask Effective(KeyEntry entry)
    {
        PermissionMask mask = default;
        var permissions = entry.Grant.Permissions;
        var type = entry.OwnerType;
        var role = entry.Membership?.Role.Permissions;
        for (var i = 0; i < permissions.Length; i++)
        {
            var permission = permissions[i];
            if ((permission.Allowed & type) != 0 && (role is null || role.Contains(permission.Id)))
                mask.Set(i);
        }

        return mask;
    }

    private static bool HasAll(ReadOnlySpan<PermissionState> granted, in PermissionMask effective, ReadOnlySpan<byte> required)
    {
        while (!required.IsEmpty)
        {
            var end = required.IndexOf((byte)'\n');
            if (end < 0 || !Has(granted, effective, required[..end]))
                return false;
            required = required[(end + 1)..];
        }

        return true;
    }

    private static bool Has(ReadOnlySpan<PermissionState> granted, in PermissionMask effective, ReadOnlySpan<byte> slug)
    {
        for (var i = 0; i < granted.Length; i++)
        {
            if (effective.Has(i) && granted[i].Slug.SequenceEqual(slug))
                return true;
        }

        return false;
    }
}
