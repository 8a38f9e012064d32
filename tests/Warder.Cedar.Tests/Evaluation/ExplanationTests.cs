using Warder.Cedar.Evaluation;
using Warder.Cedar.Indexing;
using Warder.Cedar.Syntax;
using Warder.Cedar.Tests.Reference;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Evaluation;

/// <summary>An explanation contains the decision, and points at its deciding part.</summary>
public sealed class ExplanationTests
{
    private const int Worlds = 250;
    private const int RequestsAWorld = 12;

    private static readonly Cedar.Entities Photos = Cedar.Entities.ParseJson(
        """
        [{"uid": {"type": "User", "id": "alice"}, "attrs": {"level": 2}, "parents": [{"type": "Group", "id": "staff"}]},
         {"uid": {"type": "Photo", "id": "1"}, "attrs": {"public": false, "owner": {"__entity": {"type": "User", "id": "bob"}}},
          "parents": []}]
        """).ValueOrThrow();

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(40)]
    public void What_policies_came_to_is_what_was_decided(int count)
    {
        var outcomes = new Dictionary<PolicyOutcome, int>();
        foreach (var (policies, request, entities) in Cases(count))
        {
            var decision = Authorizer.Decide(policies, request, entities);
            var explanation = Authorizer.Explain(policies, request, entities);
            var winning = decision.IsAllowed ? Effect.Permit : Effect.Forbid;

            Assert.Equal(
                (decision.IsAllowed, Identifiers(decision.Reasons), Identifiers(decision.Errors)), Identifiers(explanation.Decision));
            Assert.Equal(policies.Policies, explanation.Policies.Select(it => it.Policy));
            Assert.Equal(
                decision.Reasons, explanation.Policies.Where(it => it.Outcome == PolicyOutcome.Satisfied && it.Policy.Effect == winning)
                    .Select(it => it.PolicyId));
            Assert.Equal(
                Identifiers(decision.Errors),
                Identifiers(explanation.Policies.Where(it => it.Outcome == PolicyOutcome.Failed).Select(it => it.Error!)));
            Assert.All(explanation.Policies, it =>
            {
                outcomes[it.Outcome] = outcomes.GetValueOrDefault(it.Outcome) + 1;
                Assert.True(it.IsCandidate || it.Outcome == PolicyOutcome.OutOfScope);
                Assert.Equal(it.Outcome == PolicyOutcome.OutOfScope, it.Mismatches.Count > 0);
                Assert.Equal(it.Outcome is PolicyOutcome.ConditionNotMet or PolicyOutcome.Failed, it.Expression is not null);
            });
        }

        Assert.Equal(4, outcomes.Count);
    }

    [Fact]
    public void What_settled_a_condition_is_a_part_of_it_that_comes_to_what_is_said()
    {
        foreach (var (policies, request, entities) in Cases(12))
        {
            foreach (var explained in Authorizer.Explain(policies, request, entities).Policies.Where(it => it.Expression is not null))
            {
                Assert.Contains(explained.Expression!, Parts(explained.Condition!.Body));
                Assert.Equal(
                    explained.Outcome == PolicyOutcome.Failed ? default : Evaluate(explained.Expression!, request, entities),
                    explained.Value);
                Assert.All(explained.Values, it => Assert.Equal(it.Value, Evaluate(it.Expression, request, entities)));

                // The operands before it hold, and it does not.
                var before = explained.Policy.Syntax.Conditions.TakeWhile(it => !ReferenceEquals(it, explained.Condition));
                Assert.All(
                    before, it => Assert.Equal(it.Kind == ConditionKind.When ? Truth.True : Truth.False, Test(it.Body, request, entities)));
                var unmet = explained.Condition.Kind == ConditionKind.When ? Truth.False : Truth.True;
                Assert.Equal(
                    explained.Outcome == PolicyOutcome.Failed ? Truth.Failed : unmet, Test(explained.Condition.Body, request, entities));
            }
        }
    }

    [Fact]
    public void What_failed_is_the_part_whose_operands_all_have_values()
    {
        foreach (var (policies, request, entities) in Cases(12))
        {
            foreach (var failed in Authorizer.Explain(policies, request, entities).Policies.Where(it => it.Outcome == PolicyOutcome.Failed))
            {
                // A choice and a chain do not evaluate all operands.
                if (failed.Expression is not (AndExpression or OrExpression or IfExpression or IsExpression))
                    Assert.All(
                        Operands.Of(failed.Expression!),
                        operand => Assert.False(Evaluate(operand, request, entities).IsNone, $"{failed.Expression}: {operand}"));
            }
        }
    }

    [Fact]
    public void The_mismatches_of_a_scope_are_the_parts_that_by_themselves_keep_a_policy_out()
    {
        Variable[] parts = [Variable.Principal, Variable.Action, Variable.Resource];
        foreach (var (policies, request, entities) in Cases(12))
        {
            foreach (var explained in Authorizer.Explain(policies, request, entities).Policies.Where(it => it.Policy.TemplateId is null))
            {
                var keepingOut = parts.Where(part => !Authorizer.Decide(Only(explained.Policy.Syntax, part), request, entities).IsAllowed);
                Assert.Equal(keepingOut, explained.Mismatches);
            }
        }
    }

    [Theory]
    [InlineData("when { resource.public }", "resource.public", "false", "")]
    [InlineData("when { principal.level > 1 && resource.owner == principal && context.mfa }", "resource.owner == principal", "false",
        """resource.owner = User::"bob", principal = User::"alice" """)]
    [InlineData("when { resource.public || resource.owner == principal }", "resource.public || resource.owner == principal", "false",
        """resource.public = false, resource.owner = User::"bob", principal = User::"alice" """)]
    [InlineData("unless { resource.public || principal.level + 1 == 3 || context.mfa }", "principal.level + 1 == 3", "true",
        "principal.level + 1 = 3")]
    [InlineData("when { true } unless { !(resource.public) }", "resource.public", "false", "")]
    [InlineData("when { if principal.level < 2 then context.mfa else resource has title }", "resource has title", "false",
        """resource = Photo::"1" """)]
    [InlineData("when { if principal.level < 2 then context.mfa else false }", "if principal.level < 2 then context.mfa else false",
        "false", "principal.level = 2")]
    [InlineData("when { principal.level < 3 && context.mfa }", "context.mfa", "", "")]
    [InlineData("""when { resource.owner.level + 1 > principal.level }""", "resource.owner.level", "", """resource.owner = User::"bob" """)]
    [InlineData("when { principal.level }", "principal.level", "", "")]
    [InlineData("when { false }", "false", "false", "")]
    public void It_points_at_what_settled_it(string conditions, string expression, string value, string values)
    {
        var policies = PolicySet.Parse($"permit(principal, action, resource) {conditions};").ValueOrThrow();
        var request = new Request(new EntityUid("User", "alice"), new EntityUid("Action", "view"), new EntityUid("Photo", "1"));
        var explained = Assert.Single(Authorizer.Explain(policies, request, Photos).Policies);

        Assert.Equal(expression, explained.Expression!.ToString());
        Assert.Equal(value, explained.Value.IsNone ? "" : explained.Value.ToString());
        Assert.Equal(values.TrimEnd(), string.Join(", ", explained.Values.Select(it => $"{it.Expression} = {it.Value}")));
    }

    [Fact]
    public void A_policy_for_which_no_step_was_left_failed_in_the_explanation_too()
    {
        var policies = PolicySet.Parse(
            "permit(principal, action, resource); forbid(principal, action, resource) when { context.x == context.x &&"
                + " context.x.contains(1) };").ValueOrThrow();
        var someone = new EntityUid("User", "alice");
        var request = new Request(
            someone, someone, someone,
            CedarRecord.Create(KeyValuePair.Create("x", (Value)CedarSet.Create([.. Enumerable.Range(0, 100).Select(it => (Value)it)]))));
        var explanation = Authorizer.Explain(policies, request, Cedar.Entities.Empty, new Limits { EvaluationSteps = 20 });

        Assert.False(explanation.Decision.IsAllowed);
        Assert.Equal([PolicyOutcome.Satisfied, PolicyOutcome.Failed], explanation.Policies.Select(it => it.Outcome));
        Assert.Null(explanation.Policies[1].Expression);
    }

    [Fact]
    public void A_source_is_asked_for_each_entity_once()
    {
        var source = new Counted(Photos);
        var policies = PolicySet.Parse(
            "permit(principal in Group::\"staff\", action, resource) when { resource.owner == principal }; permit(principal, action,"
                + " resource in Album::\"a\");").ValueOrThrow();
        Authorizer.Explain(
            policies, new Request(new EntityUid("User", "alice"), new EntityUid("Action", "view"), new EntityUid("Photo", "1")), source);

        Assert.All(source.Requested, it => Assert.Equal(1, it.Value));
    }

    private static IEnumerable<(PolicySet Policies, Request Request, Cedar.Entities Entities)> Cases(int count)
        => from seed in Enumerable.Range(0, Worlds)
           let world = new World(seed)
           let policies = world.Policies(count)
           let entities = Cedar.Entities.Create(world.Entities).ValueOrThrow()
           from number in Enumerable.Range(0, RequestsAWorld)
           select (policies, world.Request(), entities);

    private static IEnumerable<Expression> Parts(Expression expression) => Operands.Of(expression).SelectMany(Parts).Prepend(expression);

    private static Value Evaluate(Expression expression, Request request, EntitySource entities)
    {
        var frame = new Frame(request, entities, Limits.Default.EvaluationSteps);
        return new Compiler(0).Compile(expression).Evaluate(ref frame);
    }

    private static Truth Test(Expression condition, Request request, EntitySource entities)
    {
        var frame = new Frame(request, entities, Limits.Default.EvaluationSteps);
        return new Compiler(0).Compile(condition).Test(ref frame);
    }

    private static PolicySet Only(PolicySyntax syntax, Variable part)
    {
        var only = new PolicySyntax(
            Effect.Permit, [], part == Variable.Principal ? syntax.Principal : EntityScope.Any,
            part == Variable.Action ? syntax.Action : ActionScope.Any,
            part == Variable.Resource ? syntax.Resource : EntityScope.Any, []);
        return PolicySet.Empty.With("only", only).ValueOrThrow();
    }

    private static (bool, string, string) Identifiers(Decision decision)
        => (decision.IsAllowed, Identifiers(decision.Reasons), Identifiers(decision.Errors));

    private static string Identifiers(PolicyIds ids) => string.Join(',', ids);

    private static string Identifiers(IEnumerable<EvaluationError> errors) => string.Join(',', errors.Select(error => error.ToString()));

    private sealed class Counted(EntitySource source) : EntitySource
    {
        public Dictionary<EntityUid, int> Requested { get; } = [];

        public override Entity? Find(EntityUid uid)
        {
            Requested[uid] = Requested.GetValueOrDefault(uid) + 1;
            return source.Find(uid);
        }
    }
}
