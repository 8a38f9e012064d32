using System.Runtime.ExceptionServices;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Evaluation;

/// <summary>Reading and evaluation throw no exception on any input, not even one that is caught.</summary>
public sealed class ExceptionTests
{
    private const int Mutations = 40;

    private static readonly Request Request = new(new EntityUid("User", "a"), new EntityUid("Action", "x"), new EntityUid("R", "r"));

    [Fact]
    public void No_policy_however_broken_makes_anything_throw()
    {
        var random = new Random(1);
        var texts = ExpressionTests.Table.Select(
            row => $"@a(\"b\") permit(principal is User in User::\"a\", action in [Action::\"x\"], resource) when {{ {row.Data.Item2} }};")
            .ToList();
        Assert.Equal(0, Thrown(() =>
        {
            foreach (var text in texts.SelectMany(text => Enumerable.Range(0, Mutations).Select(_ => Mutated(text, random)).Append(text)))
            {
                var policies = PolicySet.Parse(text);
                Assert.True(policies.Succeeded || policies.Diagnostics.Count > 0);
                if (!policies.Succeeded)
                    continue;
                foreach (var error in Authorizer.Decide(policies.Value, Request, Cedar.Entities.Empty).Errors)
                    Assert.NotEmpty(error.ToDiagnostic().ToString());
            }
        }));
    }

    [Theory]
    [InlineData("""[{"uid": {"type": "U", "id": "a"}, "attrs": {"x": [1, true, {"__extn": {"fn": "ip", "arg": "::1"}}]},"""
        + """ "parents": [{"type": "U", "id": "b"}], "tags": {}}]""")]
    [InlineData("""{"effect": "permit", "principal": {"op": "is", "entity_type": "U"}, "action": {"op": "in", "entities": []},"""
        + """ "resource": {"op": "All"}, "conditions": [{"kind": "when","""
        + """ "body": {"has": {"left": {"Var": "context"}, "attr": ["a", "b"]}}}]}""")]
    [InlineData("""{"staticPolicies": {}, "templates": {}, "templateLinks": [{"templateId": "t", "newId": "l","""
        + """ "values": {"?principal": {"type": "U", "id": "a"}}}]}""")]
    public void No_JSON_however_broken_makes_anything_throw(string json)
    {
        var random = new Random(1);
        Assert.Equal(0, Thrown(() =>
        {
            for (var i = 0; i < 100 * Mutations; i++)
            {
                var text = Mutated(json, random);
                Assert.NotNull(Cedar.Entities.ParseJson(text));
                Assert.NotNull(CedarRecord.ParseJson(text));
                Assert.NotNull(PolicySet.ParseJson(text));
                Assert.NotNull(Cedar.Syntax.PolicySyntax.ParseJson(text));
            }
        }));
    }

    private static string Mutated(string text, Random random)
    {
        var at = random.Next(text.Length);
        var length = Math.Min(random.Next(4), text.Length - at);
        const string Marks = "\"\\(){}[].,:;?!-=<>&|*@/\u0000\n\r\ud800\udc00\u00e9 0aeu_";
        var added = string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => Marks[random.Next(Marks.Length)]));
        var mutated = text[..at] + added + text[(at + length)..];
        return random.Next(3) == 0 && mutated.Length > 0 ? Mutated(mutated, random) : mutated;
    }

    private static int Thrown(Action action)
    {
        var (thrown, thread) = (0, Environment.CurrentManagedThreadId);
        void Count(object? sender, FirstChanceExceptionEventArgs e) => thrown += Environment.CurrentManagedThreadId == thread ? 1 : 0;
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            action();
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        return thrown;
    }
}
