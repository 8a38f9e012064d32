using Warder.Cedar.Diagnostics;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests;

/// <summary>Every depth of nesting, on a small stack, gives an error or an answer.</summary>
public sealed class DepthTests
{
    private const int TooDeep = 100_000;

    private static readonly EntityUid Someone = new("User", "someone");
    private static readonly Request Anything = new(Someone, new EntityUid("Action", "do"), Someone);

    /// <summary>Nested constructs: the text before, innermost and after, and the wrapper that makes a condition of it.</summary>
    public static TheoryData<string, string, string, string> Nestings => new()
    {
        { "(", "true", ")", "" },
        { "!(", "true", ")", "" },
        { "-(", "1", ")", " == 1" },
        { "[", "", "]", " == 1" },
        { "{a: ", "1", "}", " == 1" },
        { "if true then ", "true", " else false", "" },
        { "if false then false else ", "true", "", "" },
        { "if ", "true", " then true else false", "" },
        { "ip(", "\"::1\"", ")", " == 1" },
        { "[", "1", "].contains(1)", "" },
        { "[].contains(", "1", ")", "" },
        { "true && (", "true", ")", "" },
        { "(", "true", " && true) || false", "" },
        { "principal is User in (", "principal", ")", "" },
        { "(", "context", ") has a", "" },
    };

    [Theory]
    [MemberData(nameof(Nestings))]
    public void Nested_expressions_are_refused_beyond_the_limit_and_evaluated_up_to_it(
        string before, string inner, string behind, string rest)
    {
        // The depth that a level adds differs: the deepest readable text is somewhere below the limit.
        var deepest = Enumerable.Range(0, Limits.Depth + 1).Reverse().Select(Parse).First(it => it.Succeeded).Value!;
        SmallStack.Run(() =>
        {
            Assert.Equal(SyntaxCodes.LimitExceeded, Parse(TooDeep).Diagnostics[0].Code);
            Assert.True(Authorizer.Decide(deepest, Anything, Cedar.Entities.Empty).Errors.Count <= 1);
            Assert.Single(Authorizer.Explain(deepest, Anything, Cedar.Entities.Empty).Policies);
            Assert.Equal(
                deepest.Policies.First().Syntax,
                PolicySet.Empty.With("again", deepest.Policies.First().Syntax).ValueOrThrow().Policies.First().Syntax);
            Assert.NotEmpty(deepest.ToString());
        });

        Assert.Equal(deepest.ToString(), PolicySet.Parse(deepest.ToString()).ValueOrThrow().ToString());

        Parsed<PolicySet> Parse(int levels)
            => PolicySet.Parse(
                $"permit(principal, action, resource) when {{ {Repeat(before, levels)}{inner}{Repeat(behind, levels)}{rest} }};");
    }

    [Theory]
    [InlineData("!", "true")]
    [InlineData("-", "1")]
    [InlineData("", "principal", ".x")]
    [InlineData("", "principal", "[\"x\"]")]
    [InlineData("", "1", " + 1")]
    [InlineData("", "1", " - 1")]
    [InlineData("", "1", " * 1")]
    [InlineData("(", "")]
    [InlineData("[", "")]
    [InlineData("{a:", "")]
    [InlineData("if ", "")]
    [InlineData("", ")")]
    [InlineData("1 == ", "1")]
    public void Long_rows_are_refused(string before, string inner, string behind = "")
        => SmallStack.Run(() => Assert.False(PolicySet.Parse(
            $"permit(principal, action, resource) when {{ {Repeat(before, TooDeep)}{inner}{Repeat(behind, TooDeep)} == 1 }};").Succeeded));

    [Fact]
    public void Long_chains_are_evaluated_written_and_read_again()
        => SmallStack.Run(() =>
        {
            const int Operands = 50_000;
            var policies = PolicySet.Parse(
                $"permit(principal, action, resource) when {{ {Repeat("true && ", Operands)}true }} unless {{"
                    + $" {Repeat("false || ", Operands)}false }};").ValueOrThrow();

            Assert.True(Authorizer.Decide(policies, Anything, Cedar.Entities.Empty).IsAllowed);
            Assert.True(Authorizer.Explain(policies, Anything, Cedar.Entities.Empty).Decision.IsAllowed);
            Assert.Equal(policies.ToString(), PolicySet.Parse(policies.ToString()).ValueOrThrow().ToString());
        });

    [Fact]
    public void Parentheses_in_a_scope_may_be_as_many_as_they_like()
        => SmallStack.Run(() => Assert.True(PolicySet.Parse(
            $"permit(principal == {Repeat("(", TooDeep)}User::\"someone\"{Repeat(")", TooDeep)}, action, resource);").Succeeded));

    [Theory]
    [InlineData("[", "", "]")]
    [InlineData("{\"a\": ", "1", "}")]
    [InlineData("{\"__extn\": {\"fn\": \"ip\", \"arg\": ", "\"::1\"", "}}")]
    public void Nested_JSON_is_refused_beyond_the_limit_and_read_up_to_it(string before, string inner, string behind)
        => SmallStack.Run(() =>
        {
            Assert.Equal(SyntaxCodes.LimitExceeded, CedarRecord.ParseJson(Repeat(before, TooDeep)).Diagnostics[0].Code);
            Assert.Equal(SyntaxCodes.LimitExceeded, Cedar.Entities.ParseJson(Repeat(before, TooDeep)).Diagnostics[0].Code);

            // The deepest readable values are compared, hashed and written, too; those of the escape may not be values.
            var deepest = Enumerable.Range(0, Limits.Depth).Reverse().Select(levels => (First: Parse(levels), Second: Parse(levels)))
                .FirstOrDefault(it => it.First.Succeeded);
            if (deepest.First is null)
                return;
            Assert.Equal(deepest.First.Value, deepest.Second.Value);
            Assert.Equal(deepest.First.Value!.GetHashCode(), deepest.Second.Value!.GetHashCode());
            Assert.Equal(deepest.First.Value.ToString(), deepest.Second.Value.ToString());

            Parsed<CedarRecord> Parse(int levels) => CedarRecord.ParseJson(
                $"{{\"x\": {Repeat(before, levels)}{inner}{Repeat(behind, levels)}}}");
        });

    [Fact]
    public void A_value_that_evaluation_would_nest_deeper_is_not_made()
        => SmallStack.Run(() =>
        {
            const int Levels = Limits.Depth - 2;
            var context = CedarRecord.ParseJson($"{{\"x\": {Repeat("[", Levels)}{Repeat("]", Levels)}}}").ValueOrThrow();
            var policies = PolicySet.Parse(
                "permit(principal, action, resource); forbid(principal, action, resource) when { [[[context.x]]] == [] };").ValueOrThrow();
            var decision = Authorizer.Decide(policies, new Request(Someone, Someone, Someone, context), Cedar.Entities.Empty);

            // The decision could not evaluate the forbidding policy, so it allows nothing.
            Assert.False(decision.IsAllowed);
            Assert.Equal(EvaluationCodes.LimitExceeded, Assert.Single(decision.Errors).Code);
        });

    [Fact]
    public void Values_that_are_nested_deeper_cannot_be_made()
    {
        Value value = 1;
        for (var level = 0; level < Limits.Depth; level++)
            value = level % 2 == 0 ? CedarSet.Create([value]) : CedarRecord.Create(KeyValuePair.Create("a", value));

        Assert.Throws<ArgumentException>(() => CedarSet.Create([value]));
        Assert.Throws<ArgumentException>(() => CedarRecord.Create(KeyValuePair.Create("a", value)));
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
