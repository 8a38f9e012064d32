using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Evaluation;

/// <summary>
/// A table of expressions with their results in the official engine 4.13: <c>true</c>, <c>false</c>, <c>error</c> in evaluation, or
/// <c>refused</c> by the parser.
/// </summary>
public sealed class ExpressionTests
{
    private static readonly Request Request = new(
        new EntityUid("User", "a"), new EntityUid("Action", "x"), new EntityUid("R", "r"),
        CedarRecord.ParseJson("""{"s": "abc", "n": 1, "rec": {"a": {"b": 1}}}""").ValueOrThrow());

    private static readonly Cedar.Entities Entities =
        Cedar.Entities.ParseJson("""[{"uid": {"type": "User", "id": "a"}, "attrs": {"x": 1}, "parents": []}]""").ValueOrThrow();

    public static TheoryData<string, string> Table
    {
        get
        {
            using var stream = typeof(ExpressionTests).Assembly.GetManifestResourceStream("expressions.tsv")!;
            var lines = new StreamReader(stream).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('\t', 2));
            var table = new TheoryData<string, string>();
            foreach (var line in lines)
                table.Add(line[0], line[1]);
            return table;
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_expression_comes_to_what_the_official_engine_has(string outcome, string expression)
    {
        var policies = PolicySet.Parse($"permit(principal, action, resource) when {{ {expression} }};");

        Assert.Equal(outcome, Outcome(policies));
        if (policies.Value?.Policies.First().Syntax is not { } syntax)
            return;
        Assert.Equal(syntax, PolicySet.Parse(syntax.ToString()).ValueOrThrow().Policies.First().Syntax);
        Assert.Equal(syntax, PolicySyntax.ParseJson(syntax.ToJson()).ValueOrThrow());
    }

    private static string Outcome(Parsed<PolicySet> policies)
    {
        if (policies.Value is null)
            return "refused";
        var decision = Authorizer.Decide(policies.Value, Request, Entities);
        return decision.Errors.Count > 0 ? "error" : decision.IsAllowed ? "true" : "false";
    }
}
