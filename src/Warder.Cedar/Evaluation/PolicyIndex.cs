using Warder.Cedar.Syntax;

namespace Warder.Cedar.Evaluation;

/// <summary>
/// Policies by what their scopes ask for. A tree of three levels at most: each divides by the principal, the action or the resource, whichever tells most
/// policies apart; its branches are looked up by name, by group and by type, so that the number of policies behind others does not count. In its leaves are
/// the policies that may apply.
/// </summary>
internal sealed class PolicyIndex
{
    // So few are looked at as quickly as they are divided.
    private const int Few = 4;

    private readonly IndexedPolicy[] _leaf;
    private readonly Variable _by;
    private readonly PolicyIndex? _any;
    private readonly UidTable<PolicyIndex>? _exact;
    private readonly UidTable<PolicyIndex>? _groups;
    private readonly Dictionary<EntityTypeName, PolicyIndex>? _types;

    private PolicyIndex(IndexedPolicy[] leaf) => _leaf = leaf;

    private PolicyIndex(Division division, Func<List<IndexedPolicy>, PolicyIndex> divide)
    {
        (_leaf, _by) = ([], division.By);
        _any = division.Any.Count > 0 ? divide(division.Any) : null;
        _exact = Table(division.Exact);
        _groups = Table(division.Groups);
        _types = division.Types.Count > 0 ? division.Types.ToDictionary(branch => branch.Key, branch => divide(branch.Value)) : null;

        UidTable<PolicyIndex>? Table(Dictionary<EntityUid, List<IndexedPolicy>> branches)
            => branches.Count > 0 ? new([.. branches.Select(branch => KeyValuePair.Create(branch.Key, divide(branch.Value)))]) : null;
    }

    public static PolicyIndex Of(IEnumerable<Policy> policies)
        => Divide([.. policies.Select((policy, ordinal) => new IndexedPolicy(policy, ordinal))], [Variable.Resource, Variable.Principal, Variable.Action]);

    /// <summary>All policies in one leaf: what an index must give the same decisions as.</summary>
    public static PolicyIndex Flat(IEnumerable<Policy> policies) => new([.. policies.Select((policy, ordinal) => new IndexedPolicy(policy, ordinal))]);

    /// <summary>Evaluates all policies whose scopes are that of the request.</summary>
    public void Evaluate(ref Frame frame, ref Tally tally)
    {
        foreach (var policy in _leaf)
            tally.Count(policy, policy.Test(ref frame), ref frame);
        _any?.Evaluate(ref frame, ref tally);
        if (_leaf.Length > 0)
            return;
        var uid = _by switch
        {
            Variable.Principal => frame.Request.Principal,
            Variable.Action => frame.Request.Action,
            _ => frame.Request.Resource,
        };
        _exact?.Find(uid)?.Evaluate(ref frame, ref tally);
        if (_types?.TryGetValue(uid.Type, out var type) == true)
            type.Evaluate(ref frame, ref tally);
        if (_groups is not { } groups)
            return;
        groups.Find(uid)?.Evaluate(ref frame, ref tally);
        foreach (var ancestor in frame.AncestorsOf(uid).Items)
            groups.Find(ancestor)?.Evaluate(ref frame, ref tally);
    }

    private static PolicyIndex Divide(List<IndexedPolicy> policies, Variable[] by)
    {
        if (policies.Count <= Few)
            return new PolicyIndex([.. policies]);
        var best = by.Select(variable => new Division(variable, policies)).MinBy(division => division.Most);
        if (best is null || best.Most >= policies.Count)
            return new PolicyIndex([.. policies]);
        Variable[] others = [.. by.Where(variable => variable != best.By)];
        return new PolicyIndex(best, branch => Divide(branch, others));
    }

    /// <summary>Policies divided by one part of their scopes.</summary>
    private sealed class Division
    {
        public Division(Variable by, List<IndexedPolicy> policies)
        {
            By = by;
            foreach (var policy in policies)
            {
                if (by == Variable.Action)
                    Add(policy, policy.Action);
                else
                    Add(policy, by == Variable.Principal ? policy.Principal : policy.Resource);
            }
        }

        public Variable By { get; }

        public List<IndexedPolicy> Any { get; } = [];

        public Dictionary<EntityUid, List<IndexedPolicy>> Exact { get; } = [];

        public Dictionary<EntityUid, List<IndexedPolicy>> Groups { get; } = [];

        public Dictionary<EntityTypeName, List<IndexedPolicy>> Types { get; } = [];

        /// <summary>How many policies a request meets here that is in one branch of each kind, those with most.</summary>
        public int Most => Any.Count + Largest(Exact.Values) + Largest(Groups.Values) + Largest(Types.Values);

        private static int Largest(IEnumerable<List<IndexedPolicy>> branches) => branches.Select(branch => branch.Count).DefaultIfEmpty().Max();

        private void Add(IndexedPolicy policy, EntityScope scope)
        {
            switch (scope.Operator)
            {
                case ScopeOperator.Any:
                    Any.Add(policy);
                    break;
                case ScopeOperator.Equal:
                    Add(Exact, scope.Entity!, policy);
                    break;
                case ScopeOperator.Is:
                    Add(Types, scope.Type!, policy);
                    break;
                default:
                    Add(Groups, scope.Entity!, policy);
                    break;
            }
        }

        private void Add(IndexedPolicy policy, ActionScope scope)
        {
            if (scope.Operator == ScopeOperator.Any)
                Any.Add(policy);
            foreach (var action in scope.Entities.Distinct())
                Add(scope.Operator == ScopeOperator.Equal ? Exact : Groups, action, policy);
        }

        private static void Add<TKey>(Dictionary<TKey, List<IndexedPolicy>> branches, TKey key, IndexedPolicy policy)
            where TKey : class
        {
            if (!branches.TryGetValue(key, out var branch))
                branches.Add(key, branch = []);
            branch.Add(policy);
        }
    }
}
