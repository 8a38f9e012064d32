using Warder.Cedar.Evaluation;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Indexing;

/// <summary>
/// A policy at a place in the index, with its position in the policy set. The scope is copied into this object, so that a decision touches
/// little memory. The path in the index has already matched the parts of the scope in <see cref="Settled"/>; they are not compared again.
/// </summary>
internal sealed class IndexedPolicy : PolicyIndex
{
    private const int LookUpSteps = 2;

    private readonly ScopeOperator _principal;
    private readonly ScopeOperator _action;
    private readonly ScopeOperator _resource;
    private readonly Settled _settled;
    private readonly Rule _rule;
    private readonly EntityUid? _principalUid;
    private readonly EntityTypeName? _principalType;
    private readonly EntityUid? _resourceUid;
    private readonly EntityTypeName? _resourceType;
    private readonly EntityUid? _actionUid;
    private readonly EntityUid[] _actionUids;
    private readonly int _scopeSteps;

    /// <param name="policy">The policy.</param>
    /// <param name="ordinal">The zero-based position in the policy set.</param>
    /// <param name="actions">The actions of the scope.</param>
    /// <param name="rule">The conditions.</param>
    /// <param name="settled">The parts of the scope that the path in the index has matched.</param>
    public IndexedPolicy(Policy policy, int ordinal, EntityUid[] actions, Rule rule, Settled settled)
    {
        (Policy, Ordinal, Effect, _rule, _settled) = (policy, ordinal, policy.Effect, rule, settled);
        (_principal, _principalUid, _principalType) = (policy.Principal.Operator, policy.Principal.Entity, policy.Principal.Type);
        (_resource, _resourceUid, _resourceType) = (policy.Resource.Operator, policy.Resource.Entity, policy.Resource.Type);
        (_action, _actionUids) = (policy.Syntax.Action.Operator, actions);
        _actionUid = _actionUids.Length == 1 ? _actionUids[0] : null;
        _scopeSteps = (int)Math.Min(
            int.MaxValue, 2 + StepsOf(Settled.Principal, policy.Principal) + StepsOf(Settled.Resource, policy.Resource) + ActionSteps());
    }

    /// <summary>Creates an indexed policy outside any index, to test its scope.</summary>
    public static IndexedPolicy Alone(Policy policy) => new(policy, 0, [.. policy.Syntax.Action.Entities], Rule.Always, Settled.Nothing);

    public Policy Policy { get; }

    public int Ordinal { get; }

    public Effect Effect { get; }

    /// <summary>Returns the parts of the request that the scope does not match, including settled parts.</summary>
    public IReadOnlyList<Variable> Mismatches(ref Frame frame)
    {
        var parts = new List<Variable>();
        if (!MatchesPrincipal(ref frame))
            parts.Add(Variable.Principal);
        if (!MatchesAction(ref frame, frame.Request.Action))
            parts.Add(Variable.Action);
        if (!MatchesResource(ref frame))
            parts.Add(Variable.Resource);
        return parts;
    }

    protected override IndexedPolicy First => this;

    public override void Evaluate(ref Frame frame, ref Tally tally)
    {
        if (!frame.IsSpent)
            tally.Count(this, Test(ref frame), ref frame);
    }

    // Whether the scope matches the request and all conditions hold.
    private Truth Test(ref Frame frame)
    {
        if (!frame.Take(_scopeSteps, default))
            return Truth.Failed;
        var matches = ((_settled & Settled.Principal) != 0 || MatchesPrincipal(ref frame))
            && ((_settled & Settled.Action) != 0 || MatchesAction(ref frame, frame.Request.Action))
            && ((_settled & Settled.Resource) != 0 || MatchesResource(ref frame));
        return matches ? _rule.Test(ref frame) : Truth.False;
    }

    // An upper bound on the steps of comparing one part of the scope with the request. A settled part costs none.
    private long StepsOf(Settled part, EntityScope scope)
        => (_settled & part) != 0 ? 0 : (scope.Entity?.Weight ?? 0) + (scope.Type is { } type ? Value.WeightOf(type.Text.Length) : 0);

    // The list may name many actions, and each is looked up among the groups of the request's action.
    private long ActionSteps()
    {
        if ((_settled & Settled.Action) != 0)
            return 0;
        var steps = 0L;
        foreach (var uid in _actionUids)
            steps += LookUpSteps + uid.Weight;
        return steps;
    }

    private bool MatchesPrincipal(ref Frame frame)
        => Matches(ref frame, frame.Request.Principal, _principal, _principalUid, _principalType);

    private bool MatchesResource(ref Frame frame) => Matches(ref frame, frame.Request.Resource, _resource, _resourceUid, _resourceType);

    private static bool Matches(
        ref Frame frame, EntityUid uid, ScopeOperator scope, EntityUid? entity, EntityTypeName? type) => scope switch
    {
        ScopeOperator.Any => true,
        ScopeOperator.Equal => uid.Equals(entity),
        ScopeOperator.In => frame.IsIn(uid, entity!, default),
        ScopeOperator.Is => uid.Type.Equals(type),
        _ => uid.Type.Equals(type) && frame.IsIn(uid, entity!, default),
    };

    private bool MatchesAction(ref Frame frame, EntityUid action)
    {
        if (_action == ScopeOperator.Any)
            return true;
        if (_actionUid is not null)
            return _action == ScopeOperator.Equal ? action.Equals(_actionUid) : frame.IsIn(action, _actionUid, default);
        if (Array.IndexOf(_actionUids, action) >= 0)
            return true;
        if (frame.Find(action, default) is not { } entity)
            return false;
        entity = frame.WithAncestors(entity, default);
        foreach (var group in _actionUids)
        {
            if (entity.IsInside(group))
                return true;
        }

        return false;
    }
}

/// <summary>The parts of a policy's scope that are known to match the request.</summary>
[Flags]
internal enum Settled : byte
{
    Nothing = 0,
    Principal = 1,
    Action = 2,
    Resource = 4,
}
