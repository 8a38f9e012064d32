using Warder.Cedar.Diagnostics;

namespace Warder.Cedar.Indexing;

/// <summary>Computes the ancestors of many entities. The algorithm is iterative, because a hierarchy may be arbitrarily deep.</summary>
internal sealed class Hierarchy(Limits limits)
{
    // Each path to an ancestor costs a visit of the ancestor. This factor bounds the total number of visits.
    private const long LooksAnAncestor = 8;

    private readonly Dictionary<EntityUid, Entity> _given = [];
    private readonly Dictionary<EntityUid, Entity> _closed = [];

    // For each parent, the set of the parent and its ancestors. All entities with this single parent share the set.
    private readonly Dictionary<EntityUid, UidSet> _withSelf = [];
    private long _ancestors;
    private long _looks;

    /// <summary>The entities with their ancestors.</summary>
    public IReadOnlyCollection<KeyValuePair<EntityUid, Entity>> Closed => _closed;

    /// <summary>Adds an entity. Returns an error when the entity is invalid.</summary>
    public Diagnostic? Add(Entity entity)
    {
        if (entity.Uid.Type.IsAction && entity.Parents.FirstOrDefault(parent => !parent.Type.IsAction) is { } other)
            return Error(EntityCodes.ActionParent, $"the action `{entity.Uid}` has the parent `{other}`, which is no action");
        if (_given.TryAdd(entity.Uid, entity))
            return _given.Count > limits.Entities
                ? Error(SyntaxCodes.LimitExceeded, $"a store may have at most {limits.Entities} entities")
                : null;
        var first = _given[entity.Uid];
        return first.Attributes.Equals(entity.Attributes) && first.Tags.Equals(entity.Tags)
            && first.Parents.ToHashSet().SetEquals(entity.Parents)
            ? null
            : Error(EntityCodes.Duplicate, $"`{entity.Uid}` occurs twice with different content");
    }

    /// <summary>Computes all ancestors. Returns an error for a cycle or an exceeded limit.</summary>
    public Diagnostic? Close()
    {
        var open = new HashSet<EntityUid>();
        var path = new Stack<(Entity Entity, IEnumerator<EntityUid> Parents)>();
        foreach (var root in _given.Values)
        {
            Enter(root);
            while (path.TryPeek(out var top))
            {
                if (!top.Parents.MoveNext())
                {
                    path.Pop();
                    open.Remove(top.Entity.Uid);
                    if (!TryClose(top.Entity))
                        return Error(
                            SyntaxCodes.LimitExceeded,
                            $"a store may have at most {limits.Ancestors} pairs of an entity and an ancestor");
                }
                else if (open.Contains(top.Parents.Current))
                {
                    return Error(
                        EntityCodes.Cycle, $"`{top.Parents.Current}` is its own ancestor, through `{top.Entity.Uid}`");
                }
                else if (_given.TryGetValue(top.Parents.Current, out var parent))
                {
                    Enter(parent);
                }
            }
        }

        return null;

        void Enter(Entity entity)
        {
            if (_closed.ContainsKey(entity.Uid))
                return;
            open.Add(entity.Uid);
            path.Push((entity, entity.Parents.GetEnumerator()));
        }
    }

    private bool TryClose(Entity entity)
    {
        var ancestors = entity.Parents.Count switch
        {
            0 => UidSet.Empty,
            1 => WithSelf(entity.Parents.First()),
            _ => Union(entity.Parents),
        };
        _closed.Add(entity.Uid, entity.WithAncestors(ancestors));
        return _ancestors <= limits.Ancestors && _looks <= LooksAnAncestor * limits.Ancestors;
    }

    private UidSet Union(IReadOnlyCollection<EntityUid> parents)
    {
        var all = new HashSet<EntityUid>();
        foreach (var parent in parents)
        {
            var set = WithSelf(parent);
            _looks += set.Count;
            if (_looks > LooksAnAncestor * limits.Ancestors)
                break;
            all.UnionWith(set);
        }

        return Counted([.. all]);
    }

    private UidSet WithSelf(EntityUid parent)
    {
        if (!_withSelf.TryGetValue(parent, out var set))
        {
            var above = _closed.TryGetValue(parent, out var entity) ? entity.Ancestors! : UidSet.Empty;
            _withSelf.Add(parent, set = Counted([parent, .. above]));
        }

        return set;
    }

    private UidSet Counted(List<EntityUid> distinct)
    {
        _ancestors += distinct.Count;
        return UidSet.Of(distinct);
    }

    private static Diagnostic Error(string code, string message) => new() { Code = code, Message = message };
}
