using Warder.Cedar.Evaluation;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Indexing;

/// <summary>
/// Policies by what their scopes ask for: a tree of three levels at most, in whose leaves are the policies that may apply. An inner node
/// divides by the principal, the action or the resource, whichever tells most policies apart.
/// </summary>
internal abstract class PolicyIndex
{
    // So few are looked at as quickly as they are divided.
    private const int Few = 4;

    /// <summary>The index of a set's policies, in its order.</summary>
    public static PolicyIndex Of(IEnumerable<Policy> policies) => Divide(Entries(policies), [Variable.Principal, Variable.Resource, Variable.Action], Settled.Nothing);

    /// <summary>All policies in one leaf: what an index must give the same decisions as.</summary>
    public static PolicyIndex Flat(IEnumerable<Policy> policies) => new Leaf(Entries(policies), Settled.Nothing);

    /// <summary>One of its policies: the one that is reported when looking for those that apply takes more steps than there are.</summary>
    protected abstract IndexedPolicy First { get; }

    /// <summary>
    /// Evaluates all policies whose scopes are that of the request, until no steps are left. Looking for them takes steps, too.
    /// </summary>
    public abstract void Evaluate(ref Frame frame, ref Tally tally);

    private static List<Entry> Entries(IEnumerable<Policy> policies)
    {
        var rules = new RuleTable();
        var actions = new Dictionary<SyntaxList<EntityUid>, EntityUid[]>();
        return [.. policies.Select((policy, ordinal) => new Entry(policy, ordinal, Actions(policy.Syntax.Action.Entities), rules.Of(policy.Syntax)))];

        // Many policies name the same actions: then a decision finds them in the processor's caches.
        EntityUid[] Actions(SyntaxList<EntityUid> list)
        {
            if (!actions.TryGetValue(list, out var shared))
                actions.Add(list, shared = [.. list]);
            return shared;
        }
    }

    private static PolicyIndex Divide(List<Entry> policies, Variable[] by, Settled settled)
    {
        // Of equal divisions the first: whoever acts is looked up by name more often than by group, and then nothing has to be known of
        // them.
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

    // Looked up by name, by group and by type: so the number of policies behind others does not count.
    private sealed class Branches : PolicyIndex
    {
        // A name may be looked up as that of an entity, of a group, and by its type.
        private const int LooksAName = 3;

        // Beside its comparison: a slot and what it holds are read wherever they are in memory.
        private const int LookUpSteps = 4;

        private readonly Variable _by;
        private readonly PolicyIndex? _any;
        private readonly UidTable<PolicyIndex>? _exact;
        private readonly UidTable<PolicyIndex>? _groups;
        private readonly Dictionary<EntityTypeName, PolicyIndex>? _types;

        protected override IndexedPolicy First => (_any ?? _exact?.Items().First().Value ?? _groups?.Items().First().Value ?? _types!.First().Value).First;

        public Branches(Division division, Variable[] others, Settled settled)
        {
            _by = division.By;
            var known = settled | division.Settles;
            _any = division.Any.Count > 0 ? Divide(division.Any, others, division.HasLongLists ? settled : known) : null;
            _exact = Table(division.Exact, known);

            // Of `is Type in group`, the group alone is settled.
            _groups = Table(division.Groups, division.HasTypedGroups ? settled : known);
            _types = division.Types.Count > 0 ? division.Types.ToDictionary(branch => branch.Key, branch => Divide(branch.Value, others, known)) : null;

            UidTable<PolicyIndex>? Table(Dictionary<EntityUid, List<Entry>> branches, Settled here)
                => branches.Count > 0 ? new([.. branches.Select(branch => KeyValuePair.Create(branch.Key, Divide(branch.Value, others, here)))]) : null;
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

        // Steps for looking, before it is done. Of a decision that has not so many left, a policy is reported.
        private bool Take(long steps, ref Frame frame, ref Tally tally)
        {
            if (frame.Take(steps, default))
                return true;
            tally.CountSpent(First, ref frame);
            return false;
        }

        // Whichever are fewer are looked for among the others: what the entity is in, or the groups that policies name.
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

    /// <summary>Policies divided by one part of their scopes.</summary>
    private sealed class Division
    {
        // A policy stands in the branch of each action that it names. Links of one template may all name very many.
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

        /// <summary>Whether some policies name too many actions for a branch each, and are looked at for any action.</summary>
        public bool HasLongLists { get; private set; }

        /// <summary>How many policies a request meets here that is in one branch of each kind, those with most.</summary>
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
