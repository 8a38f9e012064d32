using Warder.Cedar.Diagnostics;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Evaluation;

/// <summary>A decision ends, and one that did not evaluate every policy allows nothing.</summary>
public sealed class LimitTests
{
    private static readonly EntityUid Someone = new("User", "someone");
    private static readonly Limits Few = Limits.Default with { EvaluationSteps = 10_000 };

    [Theory]
    [InlineData("context.text like \"*a*a*a*a*b\"")]
    [InlineData("context.text == context.other")]
    [InlineData("context.set.containsAll(context.set)")]
    [InlineData("context.set == context.copy")]
    [InlineData("principal in context.entities")]
    [InlineData("[context.set, 1].contains(1)")]
    public void A_decision_that_takes_too_many_steps_is_to_deny_and_says_which_policy_took_them(string condition)
    {
        const int Many = 400_000;
        var numbers = Enumerable.Range(0, 20_000).Select(number => (Value)(long)number).ToArray();
        var context = CedarRecord.Create(
            KeyValuePair.Create("text", (Value)new string('a', Many)), KeyValuePair.Create("other", (Value)new string('a', Many)),
            KeyValuePair.Create("set", (Value)CedarSet.Create(numbers)), KeyValuePair.Create("copy", (Value)CedarSet.Create(numbers)),
            KeyValuePair.Create(
                "entities", (Value)CedarSet.Create([.. numbers.Select(number => (Value)new EntityUid("User", number.ToString()))])));
        var policies = PolicySet.Parse($"permit(principal, action, resource); forbid(principal, action, resource) when {{ {condition} }};")
            .ValueOrThrow();
        var request = new Request(Someone, Someone, Someone, context);
        var decision = Authorizer.Decide(policies, request, Cedar.Entities.Empty, Few);

        Assert.False(decision.IsAllowed);
        var error = Assert.Single(decision.Errors);
        Assert.Equal(("policy1", EvaluationCodes.LimitExceeded), (error.PolicyId, error.Code));
        Assert.DoesNotContain(
            Authorizer.Decide(policies, request, Cedar.Entities.Empty).Errors, it => it.Code == EvaluationCodes.LimitExceeded);
    }

    [Fact]
    public void Many_policies_take_steps_too()
    {
        var policies = PolicySet.Parse(string.Concat(Enumerable.Repeat("permit(principal, action, resource) when { 1 + 1 == 2 };", 5_000)))
            .ValueOrThrow();
        var request = new Request(Someone, Someone, Someone);

        Assert.True(Authorizer.Decide(policies, request, Cedar.Entities.Empty).IsAllowed);
        Assert.False(Authorizer.Decide(policies, request, Cedar.Entities.Empty, Few).IsAllowed);
    }

    [Theory]
    [InlineData("permit(principal, action, resource) when { [1, 2, 3] == 1 };")]
    [InlineData("permit(principal, action, resource) when { {a: 1, b: 2, c: 3} == 1 };")]
    [InlineData("permit(principal, action in [Action::\"a\", Action::\"b\", Action::\"c\"], resource);")]
    [InlineData("permit(principal, action, resource) when { true && true && true };")]
    [InlineData("permit(principal, action, resource) when { context has a.b.c };")]
    [InlineData("permit(principal, action, resource); permit(principal, action, resource); permit(principal, action, resource);")]
    public void What_is_more_than_a_limit_is_refused(string text)
    {
        var limits = Limits.Default with { Elements = 2, Policies = 2 };

        Assert.True(PolicySet.Parse(text, limits: limits with { Elements = 3, Policies = 3 }).Succeeded);
        Assert.Equal(SyntaxCodes.LimitExceeded, PolicySet.Parse(text, limits: limits).Diagnostics[0].Code);
        Assert.Equal(SyntaxCodes.LimitExceeded, PolicySet.Parse(text, limits: Limits.Default with { TextLength = 10 }).Diagnostics[0].Code);
    }

    [Fact]
    public void What_is_more_than_a_limit_in_JSON_is_refused()
    {
        const string Json =
            """[{"uid": {"type": "U", "id": "a"}, "attrs": {"x": [1, 2, 3]},"""
            + """ "parents": [{"type": "U", "id": "b"}, {"type": "U", "id": "c"}]},"""
            + """ {"uid": {"type": "U", "id": "b"}, "attrs": {}, "parents": []}]""";

        Assert.True(Cedar.Entities.ParseJson(Json, limits: Limits.Default with { Elements = 4, Entities = 2, Ancestors = 4 }).Succeeded);
        foreach (var limits in new[] { Limits.Default with { Elements = 2 }, Limits.Default with { Entities = 1 },
            Limits.Default with { Ancestors = 3 }, Limits.Default with { TextLength = 10 } })
            Assert.Equal(SyntaxCodes.LimitExceeded, Assert.Single(Cedar.Entities.ParseJson(Json, limits: limits).Diagnostics).Code);
    }

    [Fact]
    public void Many_ways_to_few_ancestors_are_bounded_too()
    {
        const int Rungs = 30, Width = 30;
        var ladder = (from rung in Enumerable.Range(0, Rungs)
                      from place in Enumerable.Range(0, Width)
                      select new Entity(
                          Rung(rung, place), null,
                          rung + 1 < Rungs ? Enumerable.Range(0, Width).Select(above => Rung(rung + 1, above)) : [])).ToList();

        Assert.Equal(
            SyntaxCodes.LimitExceeded, Cedar.Entities.Create(ladder, Limits.Default with { Ancestors = 1_000_000 }).Diagnostics[0].Code);
        Assert.True(Cedar.Entities.Create(ladder, Limits.Default with { Ancestors = 2_000_000 }).Succeeded);

        static EntityUid Rung(int rung, int place) => new("Group", $"{rung}-{place}");
    }
}
