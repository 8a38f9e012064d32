using Warder.Cedar.Fuzz.Reference;
using Warder.Cedar.Indexing;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Reference;

/// <summary>The library decides, in all its modes, as a plain and slow evaluator does; and its output reads back as the same.</summary>
public sealed class ReferenceTests
{
    private const int Worlds = 300;
    private const int RequestsAWorld = 40;

    public static TheoryData<int> PoliciesASet => [1, 3, 12, 50];

    [Theory]
    [MemberData(nameof(PoliciesASet))]
    public void Compiled_and_indexed_policies_decide_as_the_reference_does(int count)
    {
        var decided = new Dictionary<string, int>();
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = new World(seed);
            var policies = world.Policies(count);
            var entities = Cedar.Entities.Create(world.Entities).ValueOrThrow();
            var flat = PolicyIndex.Flat(policies.Policies);
            var lazy = new Lazily(world.Entities);
            for (var i = 0; i < RequestsAWorld; i++)
            {
                var request = world.Request();
                var expected = ReferenceEvaluator.Decide(policies.Policies, request, world.Entities);
                var indexed = Identifiers(Authorizer.Decide(policies, request, entities));
                decided[indexed[..1]] = decided.GetValueOrDefault(indexed[..1]) + 1;

                Assert.Equal(expected, indexed);
                Assert.Equal(expected, Identifiers(Authorizer.Decide(flat, request, entities, Limits.Default)));
                Assert.Equal(expected, Identifiers(Authorizer.Decide(policies, request, lazy)));
            }
        }

        Assert.True(
            decided.Count == 2 && decided.Values.All(times => times > RequestsAWorld), "Chance made nearly no decisions of one kind.");
    }

    [Fact]
    public void What_is_written_as_text_or_as_JSON_reads_back_as_the_same()
    {
        for (var seed = 0; seed < 4 * Worlds; seed++)
        {
            var policies = new World(seed).Policies(5);
            foreach (var syntax in policies.Policies.Select(policy => policy.Syntax)
                .Concat(policies.Templates.Select(template => template.Syntax)).Distinct())
            {
                var text = syntax.ToString();
                var again = Assert.Single(All(PolicySet.Parse(text).ValueOrThrow()));
                var json = syntax.ToJson();

                Assert.Equal(syntax, again);
                Assert.Equal(syntax.GetHashCode(), again.GetHashCode());
                Assert.Equal(text, again.ToString());
                Assert.Equal(syntax, PolicySyntax.ParseJson(json).ValueOrThrow());
            }

            var set = PolicySet.ParseJson(policies.ToJson()).ValueOrThrow();
            Assert.Equal(policies.ToJson(), set.ToJson());
            Assert.Equal(
                policies.Policies.Select(Content).Order(StringComparer.Ordinal),
                set.Policies.Select(Content).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Entities_that_are_written_as_JSON_read_back_as_the_same()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = new World(seed);
            var again = Cedar.Entities.ParseJson(Cedar.Entities.Create(world.Entities).ValueOrThrow().ToJson()).ValueOrThrow();

            Assert.Equal(world.Entities.Count, again.Count);
            Assert.All(world.Entities, entity => Assert.Equal(
                (entity.Attributes, entity.Tags, string.Join(' ', entity.Parents)),
                (again.Find(entity.Uid)!.Attributes, again.Find(entity.Uid)!.Tags, string.Join(' ', again.Find(entity.Uid)!.Parents))));
            Assert.Equal(world.Context, CedarRecord.ParseJson(world.Context.ToJson()).ValueOrThrow());
        }
    }

    private static IEnumerable<PolicySyntax> All(PolicySet policies)
        => policies.Policies.Select(policy => policy.Syntax).Concat(policies.Templates.Select(template => template.Syntax));

    private static string Content(Policy policy) => $"{policy.Id} {policy.TemplateId} {policy}";

    private static string Identifiers(Decision decision)
        => ReferenceEvaluator.Identifiers(decision.IsAllowed, decision.Reasons, decision.Errors.Select(error => error.PolicyId));

    private sealed class Lazily(IReadOnlyCollection<Entity> entities) : EntitySource
    {
        private readonly Dictionary<EntityUid, Entity> _entities = entities.ToDictionary(entity => entity.Uid);

        public override Entity? Find(EntityUid uid) => _entities.GetValueOrDefault(uid);
    }
}
