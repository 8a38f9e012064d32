using Warder.Cedar.Evaluation;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Indexing;

/// <summary>
/// An index of policies by their scopes: a tree of at most three levels, whose leaves hold the policies that may apply. An inner node
/// divides by the part of the request that separates the policies best: principal, action or resource.
/// </summary>
internal abstract class PolicyIndex
{
    // For so few policies a linear scan is as fast as a division.
    private const int Few = 4;

    /// <summary>Builds the index of a set's policies, in the order of the set.</summary>
    public static PolicyIndex Of(IEnumerable<Policy> policies)
        => Divide(Entries(policies), [Variable.Principal, Variable.Resource, Variable.Action], Settled.Nothing);

    /// <summary>Builds an index with all policies in one leaf: the reference for the decisions of any other index.</summary>
    public static PolicyIndex Flat(IEnumerable<Policy> policies) => new Leaf(Entries(policies), Settled.Nothing);

    /// <summary>A policy of the index. It is reported when the search for matching policies runs out of steps.</summary>
    protected abstract IndexedPolicy First { get; }

    /// <summary>
    /// Evaluates all policies whose scopes match the request, until no steps remain. The search takes steps too.
    /// </summary>
    public abstract void Evaluate(ref Frame frame, ref Tally tally);

    private static List<Entry> Entries(IEnumerable<Policy> policies)
    {
        var rules = new RuleTable();
        var actions = new Dictionary<SyntaxList<EntityUid>, EntityUid[]>();
        return
        [
            .. policies.Select((policy, ordinal)
                => new Entry(policy, ordinal, Actions(policy.Syntax.Action.Entities), rules.Of(policy.Syntax))),
        ];

        // Many policies name the same actions. Sharing the array keeps it in the processor's caches during a decision.
        EntityUid[] Actions(SyntaxList<EntityUid> list)
        {
            if (!actions.TryGetValue(list, out var shared))
                actions.Add(list, shared = [.. list]);
            return shared;
        }
    }

    private static PolicyIndex Divide(List<Entry> policies, Variable[] by, Settled settled)
    {
        // Ties go to the first variable, the principal. A principal is looked up by uid more often than by group, and a lookup by uid
        // reads no entity.
        var best = policies.Count > Few ? by.Select(variable => new Division(variable, policies)).MinBy(division => division.Most) : null;
        if (best is not null && best.Most < policies.Count)
            return new Branches(best, [.. by.Where(variable => variable != best.By)], settled);
        return policies.Count == 1 ? policies[0].At(settled) : new Leaf(policies, settled);
    }

    private readonly record struct Entry(Policy Policy, int Ordinal, EntityUid[] Actions, Rule Rule)
    {
        public IndexedPolicy At(Settled settled) => new(Policy, Ordinal, Actions, Rule, settled);
    }

    private sealed class Leaf(List<Entry> policies, Settled settled) : PolicyIndex
    {
        private readonly IndexedPolicy[] _policies = [.. policies.Select(entry => entry.At(settled))];

        protected override IndexedPolicy First => _policies[0];

        public override void Evaluate(ref Frame frame, ref Tally tally)
        {
            foreach (var policy in _policies)
                policy.Evaluate(ref frame, ref tally);
        }
    }

    // Looks policies up by uid, by group and by type, so that the number of policies in other branches does not matter.
    private sealed class Branches : PolicyIndex
    {
        // A uid may be looked up as an entity, as a group, and by its type.
        private const int LooksAName = 3;

        // The steps of a lookup beside the comparison: a slot and its content are read at arbitrary memory locations.
        private const int LookUpSteps = 4;

        private readonly Variable _by;
        private readonly PolicyIndex? _any;
        private readonly UidTable<PolicyIndex>? _exact;
        private readonly UidTable<PolicyIndex>? _groups;
        private readonly Dictionary<EntityTypeName, PolicyIndex>? _types;

        protected override IndexedPolicy First
            => (_any ?? _exact?.Items().First().Value ?? _groups?.Items().First().Value ?? _types!.First().Value).First;

        public Branches(Division division, Variable[] others, Settled settled)
        {
            _by = division.By;
            var known = settled | division.Settles;
            _any = division.Any.Count > 0 ? Divide(division.Any, others, division.HasLongLists ? settled : known) : null;
            _exact = Table(division.Exact, known);

            // For `is Type in group`, only the group is settled.
            _groups = Table(division.Groups, division.HasTypedGroups ? settled : known);
            _types = division.Types.Count > 0
                ? division.Types.ToDictionary(branch => branch.Key, branch => Divide(branch.Value, others, known))
                : null;

            UidTable<PolicyIndex>? Table(Dictionary<EntityUid, List<Entry>> branches, Settled here)
                => branches.Count > 0
                    ? new([.. branches.Select(branch => KeyValuePair.Create(branch.Key, Divide(branch.Value, others, here)))])
                    : null;
        }

        public override void Evaluate(ref Frame frame, ref Tally tally)
        {
            var uid = _by switch
            {
                Variable.Principal => frame.Request.Principal,
                Variable.Action => frame.Request.Action,
                _ => frame.Request.Resource,
            };
            if (!Take(LooksAName * uid.Weight, ref frame, ref tally))
                return;
            _any?.Evaluate(ref frame, ref tally);
            _exact?.Find(uid)?.Evaluate(ref frame, ref tally);
            if (_types?.TryGetValue(uid.Type, out var type) == true)
                type.Evaluate(ref frame, ref tally);
            if (_groups is { } groups)
                EvaluateGroups(groups, uid, ref frame, ref tally);
        }

        // Takes steps for a search in advance. When too few remain, a policy is reported.
        private bool Take(long steps, ref Frame frame, ref Tally tally)
        {
            if (frame.Take(steps, default))
                return true;
            tally.CountSpent(First, ref frame);
            return false;
        }

        // Looks the smaller side up in the larger: the ancestors of the entity, or the groups that policies name.
        private void EvaluateGroups(UidTable<PolicyIndex> groups, EntityUid uid, ref Frame frame, ref Tally tally)
        {
            groups.Find(uid)?.Evaluate(ref frame, ref tally);
            if (frame.Find(uid, default) is not { } entity)
            {
                Take(0, ref frame, ref tally);
                return;
            }

            if (entity.OnlyAncestor is { } only)
            {
                if (!Take(only.Weight, ref frame, ref tally))
                    return;
                groups.Find(only, entity.OnlyAncestorHash)?.Evaluate(ref frame, ref tally);
                return;
            }

            var ancestors = frame.WithAncestors(entity, default).Ancestors!;
            if (ancestors.Count <= groups.Count)
            {
                if (!Take(ancestors.Weight + (LookUpSteps * (long)ancestors.Count), ref frame, ref tally))
                    return;
                foreach (var ancestor in ancestors.Items)
                    groups.Find(ancestor)?.Evaluate(ref frame, ref tally);
                return;
            }

            if (!Take(groups.Weight + (LookUpSteps * (long)groups.Count), ref frame, ref tally))
                return;
            foreach (ref readonly var slot in groups.Slots)
            {
                if (slot.Value is not null && ancestors.Contains(slot.Key))
                    slot.Value.Evaluate(ref frame, ref tally);
            }
        }
    }

    /// <summary>The policies divided by one part of their scopes.</summary>
    private sealed class Division
    {
        // A policy is in the branch of each action that it names. All links of one template may name very many actions.
        private const int MostPlaces = 1_000_000;

        private long _places;

        public Division(Variable by, List<Entry> policies)
        {
            By = by;
            _places = (Few * (long)policies.Count) + MostPlaces;
            foreach (var entry in policies)
            {
                if (by == Variable.Action)
                    Add(entry, entry.Policy.Syntax.Action);
                else
                    Add(entry, by == Variable.Principal ? entry.Policy.Principal : entry.Policy.Resource);
            }
        }

        public Variable By { get; }

        public Settled Settles => By switch
        {
            Variable.Principal => Settled.Principal,
            Variable.Action => Settled.Action,
            _ => Settled.Resource,
        };

        public List<Entry> Any { get; } = [];

        public Dictionary<EntityUid, List<Entry>> Exact { get; } = [];

        public Dictionary<EntityUid, List<Entry>> Groups { get; } = [];

        public Dictionary<EntityTypeName, List<Entry>> Types { get; } = [];

        public bool HasTypedGroups { get; private set; }

        /// <summary>Whether some policies name too many actions for one branch each. These policies are evaluated for any action.</summary>
        public bool HasLongLists { get; private set; }

        /// <summary>An upper bound on the policies that one request meets: those of the largest branch of each kind.</summary>
        public int Most => Any.Count + Largest(Exact.Values) + Largest(Groups.Values) + Largest(Types.Values);

        private static int Largest(IEnumerable<List<Entry>> branches) => branches.Select(branch => branch.Count).DefaultIfEmpty().Max();

        private void Add(Entry entry, EntityScope scope)
        {
            switch (scope.Operator)
            {
                case ScopeOperator.Any:
                    Any.Add(entry);
                    break;
                case ScopeOperator.Equal:
                    Add(Exact, scope.Entity!, entry);
                    break;
                case ScopeOperator.Is:
                    Add(Types, scope.Type!, entry);
                    break;
                default:
                    HasTypedGroups |= scope.Operator == ScopeOperator.IsIn;
                    Add(Groups, scope.Entity!, entry);
                    break;
            }
        }

        private void Add(Entry entry, ActionScope scope)
        {
            _places -= scope.Entities.Count;
            HasLongLists |= _places < 0;
            if (scope.Operator == ScopeOperator.Any || _places < 0)
            {
                Any.Add(entry);
                return;
            }

            foreach (var action in scope.Entities.Distinct())
                Add(scope.Operator == ScopeOperator.Equal ? Exact : Groups, action, entry);
        }

        private static void Add<TKey>(Dictionary<TKey, List<Entry>> branches, TKey key, Entry entry)
            where TKey : class
        {
            if (!branches.TryGetValue(key, out var branch))
                branches.Add(key, branch = []);
            branch.Add(entry);
        }
    }
}
