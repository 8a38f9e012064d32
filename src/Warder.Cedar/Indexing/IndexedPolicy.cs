using Warder.Cedar.Evaluation;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Indexing;

/// <summary>
/// A policy at a place in the index, and which one of its set it is. What its scope asks for stands here, so that a decision has little memory to touch;
/// what led to the place is settled, and not looked at again.
/// </summary>
internal sealed class IndexedPolicy : PolicyIndex
{
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

    /// <param name="policy">The policy.</param>
    /// <param name="ordinal">Which one of its set it is, from 0.</param>
    /// <param name="actions">The actions that its scope names.</param>
    /// <param name="rule">Its conditions.</param>
    /// <param name="settled">What led to it here.</param>
    public IndexedPolicy(Policy policy, int ordinal, EntityUid[] actions, Rule rule, Settled settled)
    {
        (Policy, Ordinal, Effect, _rule, _settled) = (policy, ordinal, policy.Effect, rule, settled);
        (_principal, _principalUid, _principalType) = (policy.Principal.Operator, policy.Principal.Entity, policy.Principal.Type);
        (_resource, _resourceUid, _resourceType) = (policy.Resource.Operator, policy.Resource.Entity, policy.Resource.Type);
        (_action, _actionUids) = (policy.Syntax.Action.Operator, actions);
        _actionUid = _actionUids.Length == 1 ? _actionUids[0] : null;
    }

    public Policy Policy { get; }

    public int Ordinal { get; }

    public Effect Effect { get; }

    /// <summary>The parts of the request that the scope is not about, whatever is settled.</summary>
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

    public override void Evaluate(ref Frame frame, ref Tally tally) => tally.Count(this, Test(ref frame), ref frame);

    // Whether the scope is that of the request, and all conditions hold.
    private Truth Test(ref Frame frame)
    {
        var matches = ((_settled & Settled.Principal) != 0 || MatchesPrincipal(ref frame))
            && ((_settled & Settled.Action) != 0 || MatchesAction(ref frame, frame.Request.Action))
            && ((_settled & Settled.Resource) != 0 || MatchesResource(ref frame));
        return matches ? _rule.Test(ref frame) : Truth.False;
    }

    private bool MatchesPrincipal(ref Frame frame) => Matches(ref frame, frame.Request.Principal, _principal, _principalUid, _principalType);

    private bool MatchesResource(ref Frame frame) => Matches(ref frame, frame.Request.Resource, _resource, _resourceUid, _resourceType);

    private static bool Matches(ref Frame frame, EntityUid uid, ScopeOperator scope, EntityUid? entity, EntityTypeName? type) => scope switch
    {
        ScopeOperator.Any => true,
        ScopeOperator.Equal => uid.Equals(entity),
        ScopeOperator.In => frame.IsIn(uid, entity!),
        ScopeOperator.Is => uid.Type.Equals(type),
        _ => uid.Type.Equals(type) && frame.IsIn(uid, entity!),
    };

    private bool MatchesAction(ref Frame frame, EntityUid action)
    {
        if (_action == ScopeOperator.Any)
            return true;
        if (_actionUid is not null)
            return _action == ScopeOperator.Equal ? action.Equals(_actionUid) : frame.IsIn(action, _actionUid);
        foreach (var group in _actionUids)
        {
            if (frame.IsIn(action, group))
                return true;
        }

        return false;
    }
}

/// <summary>Which parts of a policy's scope are known to be those of the request.</summary>
[Flags]
internal enum Settled : byte
{
    Nothing = 0,
    Principal = 1,
    Action = 2,
    Resource = 4,
}
