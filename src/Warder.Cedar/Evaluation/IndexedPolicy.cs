using System.Runtime.CompilerServices;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Evaluation;

/// <summary>A policy, and which one of its set it is.</summary>
internal sealed class IndexedPolicy(Policy policy, int ordinal)
{
    public Policy Policy { get; } = policy;

    public int Ordinal { get; } = ordinal;

    public EntityScope Principal { get; } = policy.Principal;

    public EntityScope Resource { get; } = policy.Resource;

    public ActionScope Action { get; } = policy.Syntax.Action;

    /// <summary>Whether the scope is that of the request, and all conditions hold.</summary>
    public Truth Test(ref Frame frame)
        => MatchesPrincipal(ref frame) && MatchesAction(ref frame) && MatchesResource(ref frame) ? Policy.Rule.Test(ref frame) : Truth.False;

    private bool MatchesPrincipal(ref Frame frame) => Matches(Principal, ref frame, frame.Request.Principal);

    private bool MatchesResource(ref Frame frame) => Matches(Resource, ref frame, frame.Request.Resource);

    private static bool Matches(EntityScope scope, ref Frame frame, EntityUid uid) => scope.Operator switch
    {
        ScopeOperator.Any => true,
        ScopeOperator.Equal => uid.Equals(scope.Entity),
        ScopeOperator.In => frame.IsIn(uid, scope.Entity!),
        ScopeOperator.Is => uid.Type.Equals(scope.Type),
        _ => uid.Type.Equals(scope.Type) && frame.IsIn(uid, scope.Entity!),
    };

    private bool MatchesAction(ref Frame frame)
    {
        var action = frame.Request.Action;
        switch (Action.Operator)
        {
            case ScopeOperator.Any:
                return true;
            case ScopeOperator.Equal:
                return action.Equals(Action.Entities.Span[0]);
            default:
                foreach (var group in Action.Entities.Span)
                {
                    if (frame.IsIn(action, group))
                        return true;
                }

                return false;
        }
    }
}

/// <summary>A few policies without an allocation, and more with one.</summary>
internal struct PolicyList
{
    private Few _few;
    private IndexedPolicy[]? _many;

    public int Count { get; private set; }

    public readonly IndexedPolicy this[int index] => _many is null ? _few[index] : _many[index];

    public void Add(IndexedPolicy policy)
    {
        if (_many is null && Count < Few.Length)
        {
            _few[Count++] = policy;
            return;
        }

        if (_many is null)
            ((ReadOnlySpan<IndexedPolicy>)_few).CopyTo(_many = new IndexedPolicy[4 * Few.Length]);
        else if (Count == _many.Length)
            Array.Resize(ref _many, 2 * Count);
        _many[Count++] = policy;
    }

    /// <summary>Brings them into the order of their set, each once: a policy with several actions can be found by more than one of them.</summary>
    public void Order()
    {
        if (Count < 2)
            return;
        var all = _many is null ? ((Span<IndexedPolicy>)_few)[..Count] : _many.AsSpan(0, Count);
        all.Sort(static (left, right) => left.Ordinal.CompareTo(right.Ordinal));
        var count = 1;
        for (var i = 1; i < all.Length; i++)
        {
            if (all[i] != all[count - 1])
                all[count++] = all[i];
        }

        Count = count;
    }

    [InlineArray(Length)]
    private struct Few
    {
        public const int Length = 4;

        private IndexedPolicy _first;
    }
}
