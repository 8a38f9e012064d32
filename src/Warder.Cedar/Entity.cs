using Warder.Cedar.Indexing;
using Warder.Cedar.Values;

namespace Warder.Cedar;

/// <summary>
/// Somebody or something that policies speak of: its name, what is known of it, and which groups it is in. Immutable. (Cedar documentation:
/// "Entities".)
/// </summary>
public sealed class Entity
{
    /// <summary>An entity.</summary>
    /// <param name="uid">Its name.</param>
    /// <param name="attributes">What <c>entity.name</c> is; null: nothing.</param>
    /// <param name="parents">
    /// The entities that it is in directly. They need not exist, and those that they are in need not be given here.
    /// </param>
    /// <param name="tags">What <c>entity.getTag("name")</c> is; null: nothing.</param>
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

    /// <summary>Its name.</summary>
    public EntityUid Uid { get; }

    /// <summary>What is known of it.</summary>
    public CedarRecord Attributes { get; }

    /// <summary>Its tags: like attributes, with names that policies can compute.</summary>
    public CedarRecord Tags { get; }

    /// <summary>The entities that it is in directly, none twice.</summary>
    public IReadOnlyCollection<EntityUid> Parents { get; }

    /// <summary>All that it is in, also through others; null where nobody has gathered them.</summary>
    internal UidSet? Ancestors { get; }

    /// <summary>
    /// What it is in, where that is known and is one thing: most entities are in one, and then a decision has less memory to touch.
    /// </summary>
    internal EntityUid? OnlyAncestor { get; }

    /// <summary>The hash of <see cref="OnlyAncestor"/>, so that it can be looked up, or told from another, untouched.</summary>
    internal int OnlyAncestorHash { get; }

    /// <summary>
    /// The same entity, with all that it is in, also through others: for a resolver that knows them, so that they need not be gathered for
    /// each decision.
    /// </summary>
    public Entity WithAncestors(IEnumerable<EntityUid> ancestors) => new(this, UidSet.Of([.. ancestors.Concat(Parents).Distinct()]));

    internal Entity WithAncestors(UidSet ancestors) => new(this, ancestors);

    /// <summary>Whether it is in another, where all that it is in is known.</summary>
    internal bool IsInside(EntityUid group)
        => OnlyAncestor is { } only ? OnlyAncestorHash == group.GetHashCode() && only.Equals(group) : Ancestors!.Contains(group);

    /// <summary>Its name.</summary>
    public override string ToString() => Uid.ToString();
}
