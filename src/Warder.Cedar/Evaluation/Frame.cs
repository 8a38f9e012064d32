using Warder.Cedar.Diagnostics;
using Warder.Cedar.Indexing;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary>
/// The state of one decision: the request, the entities found so far, the remaining steps, and the failure of the current policy.
/// </summary>
internal ref struct Frame
{
    // The steps of a lookup beside the comparison of the uid: the entity is read at arbitrary memory locations.
    private const int LookUpSteps = 4;

    // The steps of gathering one ancestor: two hash tables and a list store it.
    private const int GatherSteps = 12;

    private readonly EntitySource _source;

    // A store is fast enough without a cache. From any other source each entity is read once, so that one decision sees one state of the
    // entity.
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

    /// <summary>The cause of the last failed evaluation.</summary>
    public Failure Failure { get; private set; }

    /// <summary>Whether the decision hit a limit: it needed more steps than remained, or a value was nested too deeply.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Whether the steps are used up. Results from then on are ignored: the decision ends.</summary>
    public readonly bool IsSpent => _stepsLeft < 0;

    /// <summary>The number of remaining steps; negative when the decision needed more.</summary>
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

    /// <summary>Finds an entity by its uid. Returns null when it does not exist.</summary>
    public Entity? Find(EntityUid uid, SourceSpan span)
    {
        if (ReferenceEquals(uid, Request.Principal))
            return Principal;
        if (ReferenceEquals(uid, Request.Resource))
            return Resource;
        return TakeToFind(uid, span) ? FindElsewhere(uid) : null;
    }

    /// <summary>Returns the same entity with its ancestors.</summary>
    public Entity WithAncestors(Entity entity, SourceSpan span) => entity.Ancestors is null ? Gather(entity, span) : entity;

    /// <summary>
    /// Whether an entity equals a group or is its descendant. The caller counts the comparison with the group, whose weight is constant.
    /// </summary>
    public bool IsIn(EntityUid uid, EntityUid group, SourceSpan span)
        => uid.Equals(group) || (Find(uid, span) is { } entity && WithAncestors(entity, span).IsInside(group));

    /// <summary>
    /// Takes steps before the work is done. Returns false when fewer steps remain; the evaluation then fails, and its last result is
    /// ignored.
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

    /// <summary>Resets the remaining steps and keeps the entities found so far, so that a decision can be evaluated again.</summary>
    public void Renew(long steps) => (_stepsLeft, IsExhausted) = (steps, false);

    /// <summary>Fails because of a value that is nested too deeply.</summary>
    public Value TooDeep(SourceSpan span)
    {
        IsExhausted = true;
        return Fail(EvaluationCodes.LimitExceeded, span, $"values may be nested at most {Limits.Depth} deep");
    }

    /// <summary>Fails the evaluation of the current policy. Returns no value.</summary>
    public Value Fail(string code, SourceSpan span, string detail, Value found = default)
    {
        // After the steps ran out, lookups return nothing. A later failure is a consequence of that and must not replace the first one.
        if (!IsSpent)
            Failure = new Failure(code, span, detail, found);
        return default;
    }

    /// <summary>Fails because of the type of a value. A missing value means that the evaluation has failed already.</summary>
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

    // Traverses from parent to parent. Each entity is read once, on any number of paths, and gathered once per entity.
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
