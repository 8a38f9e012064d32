using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Warder.Core.Directory;

namespace Warder.Core.Verification;

/// <summary>What kind of thing an effect is about.</summary>
public enum EffectKind
{
    /// <summary>A key or one of its secrets changed.</summary>
    Key,

    /// <summary>An organization was deleted.</summary>
    OrganizationEnded,

    /// <summary>A user was deleted.</summary>
    UserEnded,

    /// <summary>A membership's status or role changed.</summary>
    Membership,

    /// <summary>What a role holds changed.</summary>
    Role,

    /// <summary>Whose keys may carry a permission changed, or it was deleted.</summary>
    Permission,

    /// <summary>A management key changed.</summary>
    ManagementKey,

    /// <summary>An environment, its prefix or its import schemes changed.</summary>
    Environment,

    /// <summary>Another key signs receipts.</summary>
    SigningKey,
}

/// <summary>
/// What a change does to those who answer from memory. Effects are written beside each event, so that every verifier learns from the
/// one log what to forget or flip.
/// </summary>
/// <param name="Kind">About what.</param>
/// <param name="Id">The subject's id.</param>
/// <param name="Argument">What it is now; its form depends on the kind.</param>
public readonly record struct Effect(EffectKind Kind, string Id, string Argument = "")
{
    /// <summary>Whether who may manage, and which environments there are, must be read again. So it must for what only a newer version knows: that may be about anything.</summary>
    public bool ConcernsManagement => Kind >= EffectKind.ManagementKey;

    /// <summary>Whether this version knows what it is. What only a newer one knows might concern anything.</summary>
    public bool IsKnown => Kind <= EffectKind.SigningKey;

    /// <summary>A key changed: forget it.</summary>
    public static Effect OfKey(string id) => new(EffectKind.Key, id);

    /// <summary>A membership is now so, under a role that holds these permissions; null: it caps nothing.</summary>
    public static Effect OfMembership(string id, MembershipStatus status, string roleId, IEnumerable<string>? permissionIds)
        => new(EffectKind.Membership, id, $"{(int)status},{roleId},{Cap(permissionIds)}");

    /// <summary>A role now holds these permissions; null: it caps nothing.</summary>
    public static Effect OfRole(string id, IEnumerable<string>? permissionIds) => new(EffectKind.Role, id, Cap(permissionIds));

    /// <summary>A permission may now be carried by these; none: it was deleted.</summary>
    public static Effect OfPermission(string id, OwnerTypes allowed)
        => new(EffectKind.Permission, id, ((int)allowed).ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads the permissions of a role from the end of an argument.</summary>
    internal static IReadOnlyCollection<UInt128>? ReadCap(ReadOnlySpan<string> parts)
    {
        if (parts is ["*"])
            return null;
        var ids = new HashSet<UInt128>();
        foreach (var part in parts)
        {
            if (part.Length > 0)
                ids.Add(Ids.Id.Parse(Ids.IdKind.Permission, part));
        }

        return ids;
    }

    private static string Cap(IEnumerable<string>? permissionIds) => permissionIds is null ? "*" : string.Join(',', permissionIds);

    /// <summary>The text that is stored beside an event: effects ended by line feeds, their parts apart by spaces.</summary>
    public static string Write(IReadOnlyList<Effect> effects)
    {
        if (effects.Count == 0)
            return "";
        var text = new StringBuilder();
        foreach (var effect in effects)
            text.Append((int)effect.Kind).Append(' ').Append(effect.Id).Append(' ').Append(effect.Argument).Append('\n');
        return text.ToString();
    }

    /// <summary>What an event's bytes commit to its effects by: SHA-256 of <see cref="Write"/>'s text, in lower-case hex; null when there are none.</summary>
    public static string? DigestOf(IReadOnlyList<Effect> effects)
        => effects.Count == 0 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(effects))));

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">It is not that.</exception>
    public static IReadOnlyList<Effect> Read(string text)
    {
        var effects = new List<Effect>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            if (parts.Length != 3 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var kind))
                throw new FormatException("Not a line of effects.");
            effects.Add(new Effect((EffectKind)kind, parts[1], parts[2]));
        }

        return effects;
    }
}
