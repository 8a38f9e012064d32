namespace Warder.Core.Verification;

/// <summary>Why a validation was allowed or denied, in order of precedence.</summary>
public enum DecisionCode
{
    /// <summary>The key is good, and for this request.</summary>
    Allowed = 0,

    /// <summary>It does not look like any key of this environment.</summary>
    Malformed,

    /// <summary>Its prefix is another environment's.</summary>
    WrongEnvironment,

    /// <summary>No such key was ever issued here.</summary>
    NotFound,

    /// <summary>Revoked, deleted, or its owner has ended.</summary>
    Revoked,

    /// <summary>Past its end, or the presented secret is.</summary>
    Expired,

    /// <summary>Suspended; it may be resumed.</summary>
    Suspended,

    /// <summary>Its owner is inactive; the key revives with it.</summary>
    OwnerInactive,

    /// <summary>The key is good, and does not have all that was asked for.</summary>
    InsufficientPermissions,

    /// <summary>It cannot be known now: the store cannot be reached. A deny.</summary>
    Unavailable,
}

/// <summary>The answer to a validation: a value, never an exception. Default-constructed it would be an allow, so nothing makes it but <see cref="Verifier"/>'s callers.</summary>
/// <param name="Code">Why.</param>
/// <param name="Entry">The key that was found, for any code from <see cref="DecisionCode.Revoked"/> on and for allow.</param>
/// <param name="Effective">Which of the entry's granted permissions hold, at the version of the state that decided.</param>
public readonly record struct Decision(DecisionCode Code, KeyEntry? Entry, PermissionMask Effective)
{
    /// <summary>Whether the request may go on.</summary>
    public bool Allow => Code == DecisionCode.Allowed && Entry is not null;

    /// <summary>A denial without a key.</summary>
    public static Decision Deny(DecisionCode code) => new(code, null, default);

    /// <summary>The code as the API spells it.</summary>
    public static string NameOf(DecisionCode code) => code switch
    {
        DecisionCode.Allowed => "allowed",
        DecisionCode.Malformed => "malformed",
        DecisionCode.WrongEnvironment => "wrong_environment",
        DecisionCode.NotFound => "not_found",
        DecisionCode.Revoked => "revoked",
        DecisionCode.Expired => "expired",
        DecisionCode.Suspended => "suspended",
        DecisionCode.OwnerInactive => "owner_inactive",
        DecisionCode.InsufficientPermissions => "insufficient_permissions",
        _ => "unavailable",
    };

    /// <summary>The code of a denial, by its name. What only a newer version knows is a deny for a reason that is not known here.</summary>
    public static DecisionCode CodeOf(string name)
    {
        for (var code = DecisionCode.Malformed; code < DecisionCode.Unavailable; code++)
        {
            if (string.Equals(NameOf(code), name, StringComparison.Ordinal))
                return code;
        }

        return DecisionCode.Unavailable;
    }
}

/// <summary>Which of a key's granted permissions, by their place, hold. At most <see cref="Capacity"/>.</summary>
[System.Runtime.CompilerServices.InlineArray(Words)]
public struct PermissionMask : IEquatable<PermissionMask>
{
    private const int Words = 4;

    /// <summary>How many permissions a key may carry.</summary>
    public const int Capacity = Words * 64;

    private ulong word;

    /// <summary>Whether the permission at this place holds.</summary>
    public readonly bool Has(int index) => (this[index >> 6] & (1UL << (index & 63))) != 0;

    /// <summary>Notes that it does.</summary>
    public void Set(int index) => this[index >> 6] |= 1UL << (index & 63);

    /// <inheritdoc/>
    public readonly bool Equals(PermissionMask other) => this[0] == other[0] && this[1] == other[1] && this[2] == other[2] && this[3] == other[3];

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is PermissionMask other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(this[0], this[1], this[2], this[3]);

    /// <summary>Compares bit by bit.</summary>
    public static bool operator ==(PermissionMask a, PermissionMask b) => a.Equals(b);

    /// <summary>Compares bit by bit.</summary>
    public static bool operator !=(PermissionMask a, PermissionMask b) => !a.Equals(b);
}
