using Warder.Cedar.Diagnostics;
using Warder.Cedar.Indexing;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary>
/// One decision while it is made: the request, the entities as far as they were asked for, the steps that are left, and the failure of the
/// policy at hand.
/// </summary>
internal ref struct Frame
{
    // Beside the comparison of its name: what is read of an entity may be anywhere in memory.
    private const int LookUpSteps = 4;

    // An ancestor that is gathered goes into two tables and a list.
    private const int GatherSteps = 12;

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

    /// <summary>Whether the steps are used up. Nothing that is found from then on counts: the decision ends.</summary>
    public readonly bool IsSpent => _stepsLeft < 0;

    /// <summary>How many steps are left; below zero when more were needed than there were.</summary>
    public readonly long StepsLeft => _stepsLeft;

    public Entity? Principal
    {
        get
        {
            if (!_hasPrincipal && TakeToFind(Request.Principal, default))
                (_principal, _hasPrincipal) = (FindElsewhere(Request.Principal), true);
            return _principal;
        }
    }

    public Entity? Resource
    {
        get
        {
            if (!_hasResource && TakeToFind(Request.Resource, default))
                (_resource, _hasResource) = (FindElsewhere(Request.Resource), true);
            return _resource;
        }
    }

    /// <summary>The entity of this name; null when there is none.</summary>
    public Entity? Find(EntityUid uid, SourceSpan span)
    {
        if (ReferenceEquals(uid, Request.Principal))
            return Principal;
        if (ReferenceEquals(uid, Request.Resource))
            return Resource;
        return TakeToFind(uid, span) ? FindElsewhere(uid) : null;
    }

    /// <summary>The same entity, and with it all that it is in.</summary>
    public Entity WithAncestors(Entity entity, SourceSpan span) => entity.Ancestors is null ? Gather(entity, span) : entity;

    /// <summary>
    /// Whether an entity is in another, or is that one. The comparison with the group is not counted here: its weight is known beforehand.
    /// </summary>
    public bool IsIn(EntityUid uid, EntityUid group, SourceSpan span)
        => uid.Equals(group) || (Find(uid, span) is { } entity && WithAncestors(entity, span).IsInside(group));

    /// <summary>
    /// Takes steps, before what they are for is done; false when there are not so many left, and then the evaluation fails, and what it
    /// found last does not count.
    /// </summary>
    public bool Take(long steps, SourceSpan span)
    {
        if (IsSpent)
            return false;
        _stepsLeft -= steps;
        if (_stepsLeft >= 0)
            return true;
        IsExhausted = true;
        Failure = Failure.OutOfSteps(span);
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
        // Where steps ran out, what is missing from then on is so because nothing is looked for any more.
        if (!IsSpent)
            Failure = new Failure(code, span, detail, found);
        return default;
    }

    /// <summary>Ends it because of a value's type; unless there is no value, which has ended it already.</summary>
    public Value WrongType(Value found, SourceSpan span, string expected)
        => found.IsNone ? default : Fail(EvaluationCodes.TypeError, span, expected, found);

    private bool TakeToFind(EntityUid uid, SourceSpan span) => Take(LookUpSteps + uid.Weight, span);

    private readonly Entity? FindElsewhere(EntityUid uid)
    {
        if (_found is null)
            return _source.Find(uid);
        if (!_found.TryGetValue(uid, out var entity))
            _found.Add(uid, entity = _source.Find(uid));
        return entity;
    }

    // From parent to parent; each is asked for once, whatever the way to it, and all are gathered once for each entity.
    private Entity Gather(Entity entity, SourceSpan span)
    {
        if (!Take(GatherSteps * (long)entity.Parents.Count, span))
            return entity.WithAncestors(UidSet.Empty);
        var gathered = new HashSet<EntityUid>();
        var open = new Stack<EntityUid>(entity.Parents);
        while (open.TryPop(out var uid))
        {
            if (!TakeToFind(uid, span))
                return entity.WithAncestors(UidSet.Empty);
            if (!gathered.Add(uid) || FindElsewhere(uid) is not { } parent)
                continue;
            var above = (IReadOnlyCollection<EntityUid>?)parent.Ancestors ?? parent.Parents;
            if (!Take(GatherSteps * (long)above.Count, span))
                return entity.WithAncestors(UidSet.Empty);
            if (parent.Ancestors is not null)
            {
                gathered.UnionWith(above);
                continue;
            }

            foreach (var further in above)
                open.Push(further);
        }

        entity = entity.WithAncestors(UidSet.Of(gathered));
        _found![entity.Uid] = entity;
        if (_hasPrincipal && entity.Uid.Equals(Request.Principal))
            _principal = entity;
        if (_hasResource && entity.Uid.Equals(Request.Resource))
            _resource = entity;
        return entity;
    }
}
