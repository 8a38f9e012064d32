using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Core.Time;

namespace Warder.Core.Verification;

/// <summary>What a key's status is shown as. The default is the status of a key that has ended.</summary>
public enum KeyStatus
{
    /// <summary>It was revoked, or its owner has ended.</summary>
    Revoked,

    /// <summary>It has expired.</summary>
    Expired,

    /// <summary>Its owner is inactive.</summary>
    OwnerInactive,

    /// <summary>It is suspended.</summary>
    Suspended,

    /// <summary>It works.</summary>
    Active,
}

/// <summary>The inputs of a validation beside the token.</summary>
/// <param name="environment">The number of the request's environment.</param>
/// <param name="permissions">Slugs that must all hold, in UTF-8, each ended by a line feed; empty: none.</param>
public readonly ref struct ValidationRequest(int environment, ReadOnlySpan<byte> permissions)
{
    /// <summary>The number of the request's environment.</summary>
    public int Environment { get; } = environment;

    /// <summary>Slugs that must all hold, in UTF-8, each ended by a line feed.</summary>
    public ReadOnlySpan<byte> Permissions { get; } = permissions;
}

/// <summary>
/// The only place that decides validity: the server, every in-process verifier, the shown status and the tests all call it.
/// </summary>
public static class DecisionRules
{
    /// <summary>
    /// Decides: from a cached or freshly read secret, the request, and the time. Pure, and allocation-free. Rights are derived anew each
    /// time: what was granted, as far as it is registered, allowed to this type of owner, and left by the owner's role.
    /// </summary>
    public static Decision Decide(KeyEntry entry, in ValidationRequest request, Instant now)
        => Decide(entry, entry.Owned, Horizon.None, request, now);

    /// <summary>
    /// Decides the same from the values that an index holds beside the entry: within the horizon it does not touch the entry.
    /// </summary>
    /// <param name="entry">The secret.</param>
    /// <param name="owned">Its <see cref="KeyEntry.Owned"/>.</param>
    /// <param name="horizon">Its <see cref="Horizon"/>, or an earlier one.</param>
    /// <param name="request">The request.</param>
    /// <param name="now">The time.</param>
    internal static Decision Decide(KeyEntry entry, OwnedGrant owned, Horizon horizon, in ValidationRequest request, Instant now)
    {
        if (owned.Environment != request.Environment)
            return Decision.Deny(DecisionCode.WrongEnvironment);
        var standing = Standing(horizon.IsAfter(now) ? DecisionCode.Allowed : StandingOf(entry, now), OwnerOf(owned));
        if (standing != DecisionCode.Allowed)
            return new Decision(standing, entry, default);
        var effective = Effective(owned);
        return HasAll(owned.Grant.Permissions, effective, request.Permissions)
            ? new Decision(DecisionCode.Allowed, entry, effective)
            : new Decision(DecisionCode.InsufficientPermissions, entry, effective);
    }

    /// <summary>The status that a stored key is shown with: the same rules, without a secret or a request.</summary>
    public static KeyStatus StatusOf(ApiKey key, Instant now)
    {
        var expiresAt = key.ExpiresAt?.UnixMilliseconds ?? KeyEntry.Never;
        return Standing(StandingOf(key.State, false, key.SuspendedAt is not null, expiresAt, now), key.OwnerStanding) switch
        {
            DecisionCode.Allowed => KeyStatus.Active,
            DecisionCode.Expired => KeyStatus.Expired,
            DecisionCode.Suspended => KeyStatus.Suspended,
            DecisionCode.OwnerInactive => KeyStatus.OwnerInactive,
            _ => KeyStatus.Revoked,
        };
    }

    private static DecisionCode StandingOf(KeyEntry entry, Instant now)
        => StandingOf(
            entry.State, entry.SecretEnded, entry.Suspended, Math.Min(entry.ExpiresAtMilliseconds, entry.SecretEndsAtMilliseconds), now);

    // The state of the key itself, without its owner's.
    private static DecisionCode StandingOf(KeyState state, bool secretEnded, bool suspended, long endsAtMilliseconds, Instant now)
    {
        // A state that only a newer version knows is none that a key works in.
        if (state is not (KeyState.Live or KeyState.Expired))
            return DecisionCode.Revoked;
        if (state == KeyState.Expired || secretEnded || endsAtMilliseconds <= now.UnixMilliseconds)
            return DecisionCode.Expired;
        return suspended ? DecisionCode.Suspended : DecisionCode.Allowed;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DecisionCode Standing(DecisionCode itself, OwnerStanding owner)
    {
        if (owner == OwnerStanding.Active)
            return itself;
        if (owner != OwnerStanding.Inactive)
            return DecisionCode.Revoked;
        return itself == DecisionCode.Allowed ? DecisionCode.OwnerInactive : itself;
    }

    /// <summary>How an organization stands as an owner.</summary>
    public static OwnerStanding StandingOf(bool organizationEnded) => organizationEnded ? OwnerStanding.Ended : OwnerStanding.Active;

    /// <summary>How a member stands as an owner: from its organization, its membership and its user.</summary>
    public static OwnerStanding StandingOf(bool organizationEnded, MembershipStatus membership, bool userEnded)
    {
        if (organizationEnded || userEnded)
            return OwnerStanding.Ended;
        return membership switch
        {
            MembershipStatus.Active => OwnerStanding.Active,
            MembershipStatus.Inactive => OwnerStanding.Inactive,
            _ => OwnerStanding.Ended,
        };
    }

    private static OwnerStanding OwnerOf(OwnedGrant owned) => owned.Owner.Match<Standings, OwnerStanding>(default);

    private static PermissionMask Effective(OwnedGrant owned)
    {
        PermissionMask mask = default;
        var permissions = owned.Grant.Permissions;
        var (type, role) = owned.Owner.Match<Ceilings, CurrentCeiling>(default);
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

    // What each kind of owner leaves of a grant: the type that permissions must allow, and the permissions of a capped role (null: nothing
    // caps it).
    private readonly record struct CurrentCeiling(OwnerTypes Type, FrozenSet<UInt128>? RolePermissions);

    private readonly struct Ceilings : IOwnerCases<OrganizationState, MembershipState, CurrentCeiling>
    {
        public CurrentCeiling Organization(OrganizationState organization) => new(OwnerTypes.Organization, null);

        public CurrentCeiling Member(OrganizationState organization, MembershipState member)
            => new(OwnerTypes.User, member.Role.Permissions);
    }

    private readonly struct Standings : IOwnerCases<OrganizationState, MembershipState, OwnerStanding>
    {
        public OwnerStanding Organization(OrganizationState organization) => StandingOf(organization.Ended);

        public OwnerStanding Member(OrganizationState organization, MembershipState member)
            => StandingOf(organization.Ended, member.Status, member.User.Ended);
    }
}
