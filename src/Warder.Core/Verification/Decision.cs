using System.Text;

namespace Warder.Core.Verification;

/// <summary>Why a validation was allowed or denied; the denials from <see cref="Malformed"/> on are in order of precedence.</summary>
public enum DecisionCode
{
    /// <summary>It cannot be known now: the store cannot be reached. A denial, and the default.</summary>
    Unavailable = 0,

    /// <summary>The key is good, and for this request.</summary>
    Allowed,

    /// <summary>It does not look like any key of this environment.</summary>
    Malformed,

    /// <summary>Its prefix is another environment's.</summary>
    WrongEnvironment,

    /// <summary>No such key was ever issued here.</summary>
    NotFound,

    /// <summary>Revoked, deleted, or its owner has ended.</summary>
    Revoked,

    /// <summary>The key, or the presented secret, is past its end.</summary>
    Expired,

    /// <summary>Suspended; it may be resumed.</summary>
    Suspended,

    /// <summary>The owner is inactive; the key works again when the owner is active.</summary>
    OwnerInactive,

    /// <summary>The key is valid, and lacks some of the requested permissions.</summary>
    InsufficientPermissions,
}

/// <summary>
/// The answer to a validation: a value, never an exception. The default is a denial, <see cref="DecisionCode.Unavailable"/>.
/// </summary>
/// <param name="Code">Why.</param>
/// <param name="Entry">The key that was found, for any code from <see cref="DecisionCode.Revoked"/> on and for allow.</param>
/// <param name="Effective">Which of the entry's granted permissions hold, at the version of the state that decided.</param>
public readonly record struct Decision(DecisionCode Code, KeyEntry? Entry, PermissionMask Effective)
{
    /// <summary>The last of the codes: they are numbered from 0 without a gap.</summary>
    public const DecisionCode Last = DecisionCode.InsufficientPermissions;

    /// <summary>Whether the request is allowed.</summary>
    public bool Allow => Code == DecisionCode.Allowed && Entry is not null;

    /// <summary>A decision that another verifier made.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="key">The key of the look-up; null without one. An allow without a key is a denial.</param>
    /// <param name="permissions">The slugs of the key's permissions that hold.</param>
    public static Decision MadeElsewhere(DecisionCode code, LoadedKey? key, IReadOnlyCollection<string> permissions)
    {
        if (key is null)
            return Deny(code == DecisionCode.Allowed ? DecisionCode.Unavailable : code);
        var entry = new SubjectTable().Link(default, key);
        var effective = default(PermissionMask);
        var granted = entry.Owned.Grant.Permissions;
        for (var i = 0; i < granted.Length; i++)
        {
            if (permissions.Contains(Encoding.UTF8.GetString(granted[i].Slug), StringComparer.Ordinal))
                effective.Set(i);
        }

        return new Decision(code, entry, effective);
    }

    /// <summary>The slugs of the entry's permissions that hold; empty without an entry.</summary>
    public IReadOnlyList<string> EffectiveSlugs()
    {
        var slugs = new List<string>();
        if (Entry is { } entry)
        {
            var granted = entry.Owned.Grant.Permissions;
            for (var i = 0; i < granted.Length; i++)
            {
                if (Effective.Has(i))
                    slugs.Add(Encoding.UTF8.GetString(granted[i].Slug));
            }
        }

        return slugs;
    }

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

    /// <summary>Finds the code of a denial by its name.</summary>
    /// <returns><see cref="DecisionCode.Unavailable"/>: only a newer version has a code of this name.</returns>
    public static DecisionCode CodeOf(string name)
    {
        for (var code = DecisionCode.Malformed; code <= Last; code++)
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

    /// <summary>The greatest number of permissions of a key.</summary>
    public const int Capacity = Words * 64;

    private ulong word;

    /// <summary>Whether the permission at this place holds.</summary>
    public readonly bool Has(int index) => (this[index >> 6] & (1UL << (index & 63))) != 0;

    /// <summary>Sets the permission at this place.</summary>
    public void Set(int index) => this[index >> 6] |= 1UL << (index & 63);

    /// <inheritdoc/>
    public readonly bool Equals(PermissionMask other)
        => this[0] == other[0] && this[1] == other[1] && this[2] == other[2] && this[3] == other[3];

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is PermissionMask other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(this[0], this[1], this[2], this[3]);

    /// <summary>Compares bit by bit.</summary>
    public static bool operator ==(PermissionMask a, PermissionMask b) => a.Equals(b);

    /// <summary>Compares bit by bit.</summary>
    public static bool operator !=(PermissionMask a, PermissionMask b) => !a.Equals(b);
}
