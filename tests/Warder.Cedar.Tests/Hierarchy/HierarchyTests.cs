using Warder.Cedar.Diagnostics;
using Warder.Cedar.Indexing;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Hierarchy;

public sealed class HierarchyTests
{
    private static readonly EntityUid Do = new("Action", "do");

    [Fact]
    public void In_a_deep_and_wide_hierarchy_everything_is_in_what_it_is_in_and_in_nothing_else()
    {
        // A ladder of 60 rungs with 5 groups each, every one in all of the next rung: 5 to the 60th ways to the top.
        const int Rungs = 60, Width = 5;
        var entities = Cedar.Entities.Create(
            from rung in Enumerable.Range(0, Rungs)
            from place in Enumerable.Range(0, Width)
            select new Entity(Group(rung, place), null, rung + 1 < Rungs
                ? Enumerable.Range(0, Width).Select(above => Group(rung + 1, above))
                : [])).ValueOrThrow();
        var policies = PolicySet.Parse(string.Concat(
            from rung in Enumerable.Range(0, Rungs)
            from place in Enumerable.Range(0, Width)
            select $"permit(principal in Group::\"{rung}-{place}\", action, resource is Group in Group::\"{rung}-{place}\");"))
            .ValueOrThrow();
        var flat = PolicyIndex.Flat(policies.Policies);
        for (var rung = 0; rung < Rungs; rung++)
        {
            var request = new Request(Group(rung, 1), Do, Group(rung, 2));
            var decision = Authorizer.Decide(policies, request, entities);

            // Of its own rung each is in itself alone, and no policy requires both; of the rungs above, it is in all.
            Assert.Equal(
                Enumerable.Range((rung + 1) * Width, (Rungs - rung - 1) * Width).Select(policy => $"policy{policy}"), decision.Reasons);
            Assert.Equal(Authorizer.Decide(flat, request, entities, Limits.Default).Reasons, decision.Reasons);
        }
    }

    [Fact]
    public void A_long_chain_is_followed_to_its_end()
    {
        const int Length = 3_000;
        var chain = Enumerable.Range(0, Length).Select(number => new Entity(Group(number, 0), null, [Group(number + 1, 0)])).ToList();
        var policies = PolicySet.Parse($"permit(principal in Group::\"{Length}-0\", action, resource);").ValueOrThrow();
        var request = new Request(Group(0, 0), Do, Group(0, 0));
        SmallStack.Run(() =>
        {
            var entities = Cedar.Entities.Create(chain).ValueOrThrow();

            Assert.True(Authorizer.Decide(policies, request, entities).IsAllowed);
            Assert.True(Authorizer.Decide(policies, request, new Recording(chain)).IsAllowed);
            Assert.True(entities.IsIn(Group(0, 0), Group(Length, 0)));
            Assert.False(entities.IsIn(Group(1, 0), Group(0, 0)));
        });
    }

    [Fact]
    public void Many_in_one_group_share_what_they_are_in()
    {
        var limits = Limits.Default with { Ancestors = 10 };
        var members = Enumerable.Range(0, 1_000).Select(number => new Entity(Group(0, number), null, [Group(1, 0)]))
            .Append(new Entity(Group(1, 0), null, [Group(2, 0)]));

        Assert.True(Cedar.Entities.Create(members, limits).Succeeded);
    }

    [Fact]
    public void What_is_in_itself_is_refused()
    {
        Assert.Equal(EntityCodes.Cycle, Code([new Entity(Group(0, 0), null, [Group(0, 0)])]));
        Assert.Equal(
            EntityCodes.Cycle,
            Code(
                [new Entity(Group(0, 0), null, [Group(1, 0)]), new Entity(Group(1, 0), null, [Group(2, 0)]), new Entity(
                    Group(2, 0), null, [Group(0, 0)])]));
        Assert.Equal(
            EntityCodes.Cycle,
            Code(
                [new Entity(Group(0, 0), null, [Group(3, 0), Group(1, 0)]), new Entity(Group(1, 0), null, [Group(2, 0)]), new Entity(
                    Group(2, 0), null, [Group(1, 0)])]));
    }

    [Fact]
    public void Two_of_one_name_must_be_the_same()
    {
        var one = new Entity(Group(0, 0), Record("a", 1), [Group(1, 0), Group(2, 0)]);

        Assert.Null(Code([one, new Entity(Group(0, 0), Record("a", 1), [Group(2, 0), Group(1, 0)])]));
        Assert.Equal(EntityCodes.Duplicate, Code([one, new Entity(Group(0, 0), Record("a", 2), [Group(1, 0), Group(2, 0)])]));
        Assert.Equal(EntityCodes.Duplicate, Code([one, new Entity(Group(0, 0), Record("a", 1), [Group(1, 0)])]));
        Assert.Equal(
            EntityCodes.Duplicate, Code([one, new Entity(Group(0, 0), Record("a", 1), [Group(1, 0), Group(2, 0)], Record("t", 1))]));
    }

    [Fact]
    public void An_action_is_in_actions_only()
        => Assert.Equal(
            EntityCodes.ActionParent,
            Code([new Entity(new EntityUid("Shop::Action", "do"), null, [new EntityUid("Action", "all"), Group(0, 0)])]));

    [Fact]
    public void A_resolver_is_asked_once_for_each_entity_and_for_those_only_that_matter()
    {
        var source = new Recording([
            new Entity(new EntityUid("User", "a"), Record("level", 5), [Group(0, 0), Group(0, 1)]),
            new Entity(Group(0, 0), null, [Group(1, 0)]),
            new Entity(Group(0, 1), null, [Group(1, 0)]), new Entity(Group(1, 0)), new Entity(new EntityUid("User", "b")),
        ]);
        var policies = PolicySet.Parse(
            """
            permit(principal in Group::"1-0", action, resource)
              when { principal.level > 1 && principal.level < 9 && principal in Group::"0-1" };
            permit(principal, action, resource) when { User::"b" has x || User::"b" has y };
            """).ValueOrThrow();

        Assert.Equal(["policy0"], Authorizer.Decide(policies, new Request(new EntityUid("User", "a"), Do, Group(9, 9)), source).Reasons);
        Assert.Equal(
            ["Group::\"0-0\"", "Group::\"0-1\"", "Group::\"1-0\"", "User::\"a\"", "User::\"b\""],
            source.Requested.Select(uid => uid.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_an_entity_that_comes_with_its_ancestors_no_parent_is_asked_for()
    {
        var source = new Recording([new Entity(new EntityUid("User", "a"), null, [Group(0, 0)]).WithAncestors([Group(1, 0)])]);
        var policies = PolicySet.Parse("permit(principal in Group::\"1-0\", action, resource) when { principal in Group::\"0-0\" };")
            .ValueOrThrow();

        Assert.True(Authorizer.Decide(policies, new Request(new EntityUid("User", "a"), Do, Group(9, 9)), source).IsAllowed);
        Assert.Equal([new EntityUid("User", "a")], source.Requested);
    }

    [Fact]
    public void A_cycle_that_a_resolver_gives_ends_no_less()
    {
        var source = new Recording([new Entity(Group(0, 0), null, [Group(1, 0)]), new Entity(Group(1, 0), null, [Group(0, 0)])]);
        var policies = PolicySet.Parse("permit(principal in Group::\"1-0\", action, resource) unless { principal in Group::\"2-0\" };")
            .ValueOrThrow();

        Assert.True(Authorizer.Decide(policies, new Request(Group(0, 0), Do, Group(9, 9)), source).IsAllowed);
    }

    private static EntityUid Group(int rung, int place) => new("Group", $"{rung}-{place}");

    private static CedarRecord Record(string name, long value) => CedarRecord.Create(KeyValuePair.Create(name, (Value)value));

    private static string? Code(IEnumerable<Entity> entities)
        => Cedar.Entities.Create(entities).Diagnostics.Select(error => error.Code).SingleOrDefault();

    private sealed class Recording(IEnumerable<Entity> entities) : EntitySource
    {
        private readonly Dictionary<EntityUid, Entity> _entities = entities.ToDictionary(entity => entity.Uid);

        public List<EntityUid> Requested { get; } = [];

        public override Entity? Find(EntityUid uid)
        {
            Requested.Add(uid);
            return _entities.GetValueOrDefault(uid);
        }
    }
}
