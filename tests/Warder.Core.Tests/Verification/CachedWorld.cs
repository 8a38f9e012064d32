using System.Text;
using Warder.Core.Directory;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using LoadedOwner = Warder.Core.Directory.Owner<Warder.Core.Verification.LoadedOrganization, Warder.Core.Verification.LoadedMembership>;

namespace Warder.Core.Tests.Verification;

/// <summary>
/// One key of a member with everything that can end it, as a value; the changes that can happen to it; and, written from the contract
/// alone, what a validation must answer.
/// </summary>
internal sealed record CachedWorld
{
    public const int ChangeCount = 12;
    public static readonly UInt128 KeyId = 0x1111, OrganizationId = 0x2222, MembershipId = 0x3333, UserId = 0x4444, FirstRole = 0x5555, SecondRole = 0x6666, Permission = 0x7777;

    public bool Revoked { get; init; }

    public bool Suspended { get; init; }

    public bool OrganizationEnded { get; init; }

    public bool UserEnded { get; init; }

    public MembershipStatus Membership { get; init; } = MembershipStatus.Active;

    public bool InSecondRole { get; init; }

    public bool? FirstRoleHolds { get; init; } = true;

    public bool? SecondRoleHolds { get; init; } = false;

    public OwnerTypes Allowed { get; init; } = OwnerTypes.All;

    /// <summary>The world after a change.</summary>
    public CachedWorld After(int change) => change switch
    {
        0 => this with { Revoked = true },
        1 => this with { Suspended = !Suspended },
        2 => this with { OrganizationEnded = true },
        3 => this with { UserEnded = true },
        4 => this with { Membership = MembershipStatus.Inactive },
        5 => this with { Membership = MembershipStatus.Active },
        6 => this with { Membership = MembershipStatus.Ended },
        7 => this with { InSecondRole = !InSecondRole },
        8 => this with { FirstRoleHolds = FirstRoleHolds is null ? false : FirstRoleHolds is false ? true : null },
        9 => this with { SecondRoleHolds = SecondRoleHolds is true ? false : true },
        10 => this with { Allowed = OwnerTypes.None },
        _ => this with { Allowed = OwnerTypes.All },
    };

    /// <summary>What the event of that change tells those who answer from memory; the world is the one after it.</summary>
    public CacheDelta EffectOf(int change) => change switch
    {
        0 or 1 => CacheDelta.OfKey(Id.Format(IdKind.ApiKey, KeyId)),
        2 => new CacheDelta(CacheDeltaKind.OrganizationEnded, Id.Format(IdKind.Organization, OrganizationId)),
        3 => new CacheDelta(CacheDeltaKind.UserEnded, Id.Format(IdKind.User, UserId)),
        >= 4 and <= 7 => CacheDelta.OfMembership(
            Id.Format(IdKind.Membership, MembershipId), Membership, Id.Format(IdKind.Role, InSecondRole ? SecondRole : FirstRole),
            Held(InSecondRole ? SecondRoleHolds : FirstRoleHolds)),
        8 => CacheDelta.OfRole(Id.Format(IdKind.Role, FirstRole), Held(FirstRoleHolds)),
        9 => CacheDelta.OfRole(Id.Format(IdKind.Role, SecondRole), Held(SecondRoleHolds)),
        _ => CacheDelta.OfPermission(Id.Format(IdKind.Permission, Permission), Allowed),
    };

    /// <summary>What a validation that asks for the permission must answer.</summary>
    public DecisionCode Expected()
    {
        if (Revoked || OrganizationEnded || UserEnded || Membership == MembershipStatus.Ended)
            return DecisionCode.Revoked;
        if (Suspended)
            return DecisionCode.Suspended;
        if (Membership == MembershipStatus.Inactive)
            return DecisionCode.OwnerInactive;
        var held = (InSecondRole ? SecondRoleHolds : FirstRoleHolds) ?? true;
        return held && Allowed != OwnerTypes.None ? DecisionCode.Allowed : DecisionCode.InsufficientPermissions;
    }

    /// <summary>The row that a read of this world brings.</summary>
    public LoadedKey Read(long asOf, int secret = 1) => new()
    {
        AsOfSequence = asOf,
        Environment = 1,
        RequiredLevel = FeatureLevel.First,
        Id = KeyId,
        SecretNumber = secret,
        Owner = LoadedOwner.OfMember(new(OrganizationId, OrganizationEnded), new(
            MembershipId, Membership, UserId, UserEnded, InSecondRole ? Role(SecondRole, SecondRoleHolds) : Role(FirstRole, FirstRoleHolds))),
        Grant = new LoadedGrant(1, [new LoadedPermission(Permission, Slug, Allowed, Allowed == OwnerTypes.None)]),
        State = Revoked ? KeyState.Revoked : KeyState.Live,
        Suspended = Suspended,
        SecretEnded = false,
        ExpiresAtMilliseconds = KeyEntry.Never,
        SecretEndsAtMilliseconds = KeyEntry.Never,
        CreatedAtMilliseconds = 0,
        UpdatedAtMilliseconds = 0,
        LastUsedAtMilliseconds = KeyEntry.Never,
        Text = "name"u8.ToArray(),
        NameLength = 4,
    };

    /// <summary>The permission's slug.</summary>
    public static byte[] Slug { get; } = Encoding.UTF8.GetBytes("posts:read");

    private static LoadedRole Role(UInt128 id, bool? holds) => new(id, holds is null ? null : holds.Value ? new HashSet<UInt128> { Permission } : new HashSet<UInt128>());

    private static IEnumerable<string>? Held(bool? holds) => holds is null ? null : holds.Value ? [Id.Format(IdKind.Permission, Permission)] : [];
}
