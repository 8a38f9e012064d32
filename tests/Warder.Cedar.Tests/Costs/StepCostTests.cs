using Warder.Cedar.Diagnostics;
using Warder.Cedar.Evaluation;
using Warder.Cedar.Indexing;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Costs;

/// <summary>
/// A step of a decision takes at most 100 ns of processor time, for every operation and all operands: so the step limit limits the time.
/// Measured without a limit, in the best of several runs.
/// </summary>
public sealed class StepCostTests
{
    private const double NanosecondsAStep = 100;
    private const double Constant = 200_000;
    private const int Runs = 5;

    public static TheoryData<int, string> Rows
        => new(
            OperatorRow.All.Select((row, number) => (number, $"{row.Operation}: {row.Condition[..Math.Min(60, row.Condition.Length)]}")));

    /// <summary>The operations of the language, by its own enumerations.</summary>
    public static TheoryData<string> Operations =>
        [.. Enum.GetNames<UnaryOperator>(), .. Enum.GetNames<BinaryOperator>(), .. ExtensionFunction.All.Select(function => function.Name),
         .. typeof(Expression).Assembly.GetTypes().Where(type => type.BaseType == typeof(Expression)).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_operation_has_a_row(string operation)
        => Assert.True(
            OperatorRow.All.Any(row => row.Operation == operation) || operation is nameof(UnaryExpression) or nameof(
                BinaryExpression), operation);

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_operation_takes_no_more_time_than_its_steps_allow(int number, string name)
    {
        var row = OperatorRow.All[number];
        Assert.Equal(
            row.Holds, Check(name, PolicySet.Parse(row.Policy).ValueOrThrow().Prepare(), HostileWorld.Request, HostileWorld.Entities));
    }

    [Theory]
    [InlineData("permit(principal == User::\"{0}\", action, resource);")]
    [InlineData("permit(principal in Group::\"{0}\", action, resource);")]
    [InlineData("permit(principal is User in Group::\"{0}\", action == Action::\"view\", resource);")]
    [InlineData("permit(principal, action in [Action::\"{0}\", Action::\"b\"], resource);")]
    [InlineData("permit(principal, action in [Action::\"a\", Action::\"{0}\"], resource is Album);")]
    [InlineData("permit(principal, action, resource is Photo);")]
    [InlineData("permit(principal, action, resource) when {{ context.missing.{0} }};")]
    [InlineData("permit(principal in Group::\"{0}\", action, resource) when {{ context.yes }};")]
    public void Looking_for_policies_takes_no_more_time_than_its_steps_allow(string policy)
    {
        var text = string.Concat(
            Enumerable.Range(0, 10_000).Select(
                number => string.Format(
                    System.Globalization.CultureInfo.InvariantCulture, policy,
                    policy.Contains("missing", StringComparison.Ordinal) ? $"a{number}" : number)));
        Check(policy, PolicySet.Parse(text).ValueOrThrow().Prepare(), HostileWorld.Request, HostileWorld.Entities);
    }

    [Fact]
    public void Links_that_name_one_long_entity_take_no_more_time_than_their_steps_allow()
    {
        var template = PolicySet.Parse("permit(principal, action, resource == ?resource);").ValueOrThrow();
        var policies = template.Link(
            Enumerable.Range(0, 200)
                .Select(
                    number => new TemplateLink(
                        "policy0", $"{number}", null, new EntityUid("Album", new string(HostileWorld.LongText.AsSpan()))))).ValueOrThrow();

        Assert.True(Check("links", policies.Prepare(), HostileWorld.Request, HostileWorld.Entities));
    }

    [Theory]
    [InlineData("principal in Group::\"x\"", 1_000, false)]
    [InlineData("principal in [Group::\"x\", Group::\"y\"]", 1_000, false)]
    [InlineData("context.entity in context.outside", 20, false)]
    [InlineData("context.entity has a", 400, true)]
    public void What_a_source_does_not_know_is_gathered_once_and_takes_no_more_time_than_its_steps_allow(
        string condition, int times, bool holds)
        => Assert.Equal(
            holds,
            Check(
                condition, PolicySet.Parse(new OperatorRow("", condition, times, holds).Policy).ValueOrThrow().Prepare(),
                HostileWorld.Request, HostileWorld.Elsewhere));

    [Fact]
    public void Values_that_are_alike_for_the_class_librarys_hashes_do_not_collide_in_sets()
    {
        foreach (var values in HostileWorld.Alike)
        {
            var best = double.MaxValue;
            for (var run = 0; run < Runs && best > values.Length * 2 * NanosecondsAStep * 2; run++)
                best = Math.Min(best, ThreadClock.NanosecondsOf(() => Assert.Equal(values.Length, CedarSet.Create(values).Count)));
            Assert.InRange(best, 0, values.Length * 2 * NanosecondsAStep * 2);
        }
    }

    [Fact]
    public void A_test_of_type_and_group_inside_another_is_made_ready_once()
    {
        var condition = "principal";
        for (var level = 0; level < 30; level++)
            condition = $"(if {condition} is User in Group::\"1\" then principal else principal)";
        var policies = PolicySet.Parse($"permit(principal, action, resource) when {{ {condition} == principal }};").ValueOrThrow();

        Assert.True(Check("is in", policies, HostileWorld.Request, HostileWorld.Entities));
    }

    [Fact]
    public void Behind_the_last_step_no_policy_is_looked_at_and_one_is_reported()
    {
        var policies = PolicySet.Parse(
            string.Concat(Enumerable.Repeat("permit(principal, action, resource) when { context.text == context.same };", 1_000)))
            .ValueOrThrow();
        var limits = Limits.Default with { EvaluationSteps = 200_000 };
        var explanation = Authorizer.Explain(policies, HostileWorld.Request, HostileWorld.Entities, limits);

        Assert.False(explanation.Decision.IsAllowed);
        Assert.Equal("policy1", Assert.Single(explanation.Decision.Errors).PolicyId);
        Assert.Equal(PolicyOutcome.Satisfied, explanation.Policies[0].Outcome);
        Assert.All(explanation.Policies.Skip(1), policy => Assert.Equal(EvaluationCodes.LimitExceeded, policy.Error!.Code));
    }

    [Fact]
    public void Where_looking_for_policies_takes_too_many_steps_one_of_them_is_reported()
    {
        var policies = PolicySet.Parse(
            string.Concat(Enumerable.Range(0, 5_000).Select(number => $"permit(principal in Group::\"{number}\", action, resource);")))
            .ValueOrThrow();
        var decision = Authorizer.Decide(
            policies, HostileWorld.Request, HostileWorld.Entities, Limits.Default with { EvaluationSteps = 1_000 });

        Assert.False(decision.IsAllowed);
        Assert.Equal(EvaluationCodes.LimitExceeded, Assert.Single(decision.Errors).Code);
    }

    private static bool? Check(string name, PolicySet policies, Request request, EntitySource entities)
    {
        var (steps, best, holds) = (0L, double.MaxValue, default(bool?));
        for (var run = 0; run < Runs && best > (steps * NanosecondsAStep) + Constant; run++)
            best = Math.Min(best, ThreadClock.NanosecondsOf(() => (steps, holds) = Decide(policies, request, entities)));
        TestContext.Current.SendDiagnosticMessage($"COST {best / 1e6:f2} ms, {steps} steps, {best / steps:f1} ns each: {name}");
        Assert.True(
            best <= (steps * NanosecondsAStep) + Constant,
            $"{name}: {best / 1e6:f1} ms for {steps} steps, which is {best / steps:f0} ns for each");
        return holds;
    }

    // With no limit, so that no work is cut off.
    private static (long Steps, bool? Holds) Decide(PolicySet policies, Request request, EntitySource entities)
    {
        const long NoLimit = 1L << 60;
        var frame = new Frame(request, entities, NoLimit);
        var tally = default(Tally);
        policies.Index.Evaluate(ref frame, ref tally);
        var decision = tally.Decide(frame.IsExhausted);
        return (NoLimit - frame.StepsLeft, decision.Errors.Count > 0 ? null : decision.Reasons.Count > 0);
    }
}
