using Warder.Cedar.Indexing;
using Warder.Cedar.Values;

namespace Warder.Cedar;

/// <summary>
/// A person or thing that policies refer to: a uid, attributes, tags, and parents. Immutable. (Cedar documentation: "Entities".)
/// </summary>
public sealed class Entity
{
    /// <summary>Creates an entity.</summary>
    /// <param name="uid">The uid.</param>
    /// <param name="attributes">The attributes, which policies read as <c>entity.name</c>. Null means no attributes.</param>
    /// <param name="parents">
    /// The direct parents. They need not exist, and their own ancestors need not be included.
    /// </param>
    /// <param name="tags">The tags, which policies read as <c>entity.getTag("name")</c>. Null means no tags.</param>
    public Entity(EntityUid uid, CedarRecord? attributes = null, IEnumerable<EntityUid>? parents = null, CedarRecord? tags = null)
    {
        ArgumentNullException.ThrowIfNull(uid);
        Uid = uid;
        Attributes = attributes ?? CedarRecord.Empty;
        Tags = tags ?? CedarRecord.Empty;
        Parents = parents is null ? UidSet.Empty : UidSet.Of([.. parents.Distinct()]);
    }

    private Entity(Entity entity, UidSet ancestors)
    {
        (Uid, Attributes, Tags, Parents, Ancestors) = (entity.Uid, entity.Attributes, entity.Tags, entity.Parents, ancestors);
        OnlyAncestor = ancestors.Count == 1 ? ancestors.Items[0] : null;
        OnlyAncestorHash = OnlyAncestor?.GetHashCode() ?? 0;
    }

    /// <summary>The uid.</summary>
    public EntityUid Uid { get; }

    /// <summary>The attributes.</summary>
    public CedarRecord Attributes { get; }

    /// <summary>The tags: named values like attributes, whose names policies can compute.</summary>
    public CedarRecord Tags { get; }

    /// <summary>The direct parents, without duplicates.</summary>
    public IReadOnlyCollection<EntityUid> Parents { get; }

    /// <summary>All direct and indirect ancestors; null when they are not computed.</summary>
    internal UidSet? Ancestors { get; }

    /// <summary>
    /// The ancestor of an entity that has exactly one; otherwise null. Most entities have one ancestor, and this member then saves a
    /// decision the read of the ancestor set.
    /// </summary>
    internal EntityUid? OnlyAncestor { get; }

    /// <summary>The hash of <see cref="OnlyAncestor"/>, so that most lookups and comparisons need not read the ancestor itself.</summary>
    internal int OnlyAncestorHash { get; }

    /// <summary>
    /// Creates a copy of the entity with all its ancestors, direct and indirect. A resolver that knows the ancestors calls this method, so
    /// that a decision does not traverse the parents.
    /// </summary>
    public Entity WithAncestors(IEnumerable<EntityUid> ancestors) => new(this, UidSet.Of([.. ancestors.Concat(Parents).Distinct()]));

    internal Entity WithAncestors(UidSet ancestors) => new(this, ancestors);

    /// <summary>Whether a group is an ancestor of this entity. The caller ensures that the ancestors are computed.</summary>
    internal bool IsInside(EntityUid group)
        => OnlyAncestor is { } only ? OnlyAncestorHash == group.GetHashCode() && only.Equals(group) : Ancestors!.Contains(group);

    /// <summary>Formats the uid.</summary>
    public override string ToString() => Uid.ToString();
}
