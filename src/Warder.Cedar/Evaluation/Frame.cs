using Warder.Cedar.Diagnostics;
using Warder.Cedar.Indexing;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary>
/// One decision while it is made: the request, the entities as far as they were asked for, the steps that are left, and the failure of the policy at hand.
/// </summary>
internal ref struct Frame
{
    private readonly EntitySource _source;

    // A store finds quickly enough. From elsewhere, each entity comes once, so that one decision sees one state of it.
    private readonly Dictionary<EntityUid, Entity?>? _found;
    private long _stepsLeft;
    private Entity? _principal;
    private Entity? _resource;
    private bool _hasPrincipal;
    private bool _hasResource;

    public Frame(Request request, EntitySource source, long steps)
    {
        (Request, _source, _stepsLeft) = (request, source, steps);
        if (source is not Entities)
            _found = [];
    }

    public Request Request { get; }

    /// <summary>Why the last evaluation gave no value.</summary>
    public Failure Failure { get; private set; }

    /// <summary>Whether there was something to do and no step left for it.</summary>
    public bool IsExhausted { get; private set; }

    public Entity? Principal
    {
        get
        {
            if (!_hasPrincipal)
                (_principal, _hasPrincipal) = (FindElsewhere(Request.Principal), true);
            return _principal;
        }
    }

    public Entity? Resource
    {
        get
        {
            if (!_hasResource)
                (_resource, _hasResource) = (FindElsewhere(Request.Resource), true);
            return _resource;
        }
    }

    /// <summary>The entity of this name; null when there is none.</summary>
    public Entity? Find(EntityUid uid)
    {
        if (ReferenceEquals(uid, Request.Principal))
            return Principal;
        return ReferenceEquals(uid, Request.Resource) ? Resource : FindElsewhere(uid);
    }

    /// <summary>All that an entity is in, but itself.</summary>
    public UidSet AncestorsOf(Entity entity) => entity.Ancestors ?? Gather(entity);

    /// <summary>Whether an entity is in another, or is that one.</summary>
    public bool IsIn(EntityUid uid, EntityUid group)
    {
        if (uid.Equals(group))
            return true;
        if (Find(uid) is not { } entity)
            return false;
        return entity.OnlyAncestor is { } only ? entity.OnlyAncestorHash == group.GetHashCode() && only.Equals(group) : AncestorsOf(entity).Contains(group);
    }

    /// <summary>Takes steps; false when there are not so many left, and then the evaluation fails.</summary>
    public bool Take(long steps, SourceSpan span)
    {
        _stepsLeft -= steps;
        if (_stepsLeft >= 0)
            return true;
        IsExhausted = true;
        Failure = new Failure(EvaluationCodes.LimitExceeded, span, "the decision takes more steps than are allowed", default);
        return false;
    }

    /// <summary>Begins again with so many steps, and with the entities that were found: to look once more at what was decided.</summary>
    public void Renew(long steps) => (_stepsLeft, IsExhausted) = (steps, false);

    /// <summary>Gives up a value that is nested too deep.</summary>
    public Value TooDeep(SourceSpan span)
    {
        IsExhausted = true;
        return Fail(EvaluationCodes.LimitExceeded, span, $"values may be nested {Limits.Depth} deep, and this is deeper");
    }

    /// <summary>Ends the evaluation of the policy at hand: no value.</summary>
    public Value Fail(string code, SourceSpan span, string detail, Value found = default)
    {
        Failure = new Failure(code, span, detail, found);
        return default;
    }

    /// <summary>Ends it because of a value's type; unless there is no value, which has ended it already.</summary>
    public Value WrongType(Value found, SourceSpan span, string expected)
        => found.IsNone ? default : Fail(EvaluationCodes.TypeError, span, expected, found);

    private readonly Entity? FindElsewhere(EntityUid uid)
    {
        if (_found is null)
            return _source.Find(uid);
        if (!_found.TryGetValue(uid, out var entity))
            _found.Add(uid, entity = _source.Find(uid));
        return entity;
    }

    // From parent to parent; each is asked for once, whatever the way to it.
    private readonly UidSet Gather(Entity entity)
    {
        var gathered = new HashSet<EntityUid>();
        var open = new Stack<EntityUid>(entity.Parents);
        while (open.TryPop(out var uid))
        {
            if (!gathered.Add(uid) || FindElsewhere(uid) is not { } parent)
                continue;
            if (parent.Ancestors is { } known)
            {
                gathered.UnionWith(known);
                continue;
            }

            foreach (var above in parent.Parents)
                open.Push(above);
        }

        var ancestors = UidSet.Of(gathered);
        _found![entity.Uid] = entity.WithAncestors(ancestors);
        return ancestors;
    }
}
