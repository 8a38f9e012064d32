using System.Globalization;
using Warder.Core.Directory;

namespace Warder.Core.Verification.Deltas;

/// <summary>
/// One change to the memory of verifiers. Cache deltas stand beside each event, so that every verifier reads from one log which entries to
/// remove and which states to set.
/// </summary>
/// <param name="Kind">The kind of the subject and of the change.</param>
/// <param name="Id">The subject's id.</param>
/// <param name="Argument">The subject's new state; its form depends on the kind.</param>
public readonly record struct CacheDelta(CacheDeltaKind Kind, string Id, string Argument = "")
{
    /// <summary>The parts of memory that the delta may change.</summary>
    public CacheConcern Concern { get; init; } = CacheDeltaText.ConcernOf(Kind);

    /// <summary>Whether management keys and environments must be read again.</summary>
    public bool ConcernsManagement => (Concern & CacheConcern.Management) != 0;

    /// <summary>Whether this version of Warder defines the kind.</summary>
    public bool IsKnown => Kind != CacheDeltaKind.Unknown;

    /// <summary>The whole line of an unknown delta, which is passed on unchanged; null for a known one.</summary>
    internal string? Line { get; init; }

    /// <summary>Makes the delta of a changed key: its entries are removed.</summary>
    public static CacheDelta OfKey(string id) => new(CacheDeltaKind.Key, id);

    /// <summary>A membership's new status and role.</summary>
    /// <param name="id"><c>om_…</c></param>
    /// <param name="status">Its status.</param>
    /// <param name="roleId">Its role.</param>
    /// <param name="permissionIds">The permissions of the role; null: the role caps nothing.</param>
    public static CacheDelta OfMembership(string id, MembershipStatus status, string roleId, IEnumerable<string>? permissionIds)
        => new(CacheDeltaKind.Membership, id, $"{(int)status},{roleId},{Cap(permissionIds)}");

    /// <summary>A role's new permissions; null: the role caps nothing.</summary>
    public static CacheDelta OfRole(string id, IEnumerable<string>? permissionIds) => new(CacheDeltaKind.Role, id, Cap(permissionIds));

    /// <summary>The owner types that a permission allows now; none: it was deleted.</summary>
    public static CacheDelta OfPermission(string id, OwnerTypes allowed)
        => new(CacheDeltaKind.Permission, id, ((int)allowed).ToString(CultureInfo.InvariantCulture));

    /// <summary>The feature level that an environment requires now.</summary>
    public static CacheDelta OfRequiredLevel(string environmentId, int level)
        => new(CacheDeltaKind.RequiredLevel, environmentId, level.ToString(CultureInfo.InvariantCulture));

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
}
