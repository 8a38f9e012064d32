using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Tests.Json;

/// <summary>JSON forms of policies are accepted and read as by the official engine.</summary>
public sealed class PolicyJsonTests
{
    private const string All = """{"op": "All"}""";

    [Theory]
    [InlineData("""{"Value": [1, {"a": {"__entity": {"type": "U", "id": "a"}}}, {"__extn": {"fn": "ip", "arg": "::1"}}]}""",
        "[1, {a: U::\"a\"}, ip(\"::1\")]")]
    [InlineData("""{"neg": {"arg": {"Value": -9223372036854775808}}}""", "-(-9223372036854775808)")]
    [InlineData("""{"has": {"left": {"Var": "principal"}, "attr": ["a"]}}""", "principal has a")]
    [InlineData("""{"has": {"left": {"Var": "principal"}, "attr": ["a", "b"]}}""", "principal has a.b")]
    [InlineData("""{"has": {"left": {"Var": "principal"}, "attr": "a", "more": 1}}""", "principal has a")]
    [InlineData("""{"has": {"left": {"Var": "principal"}, "attr": "a b"}}""", "principal has \"a b\"")]
    [InlineData("""{"like": {"left": {"Value": "a"}, "pattern": ["Wildcard", {"Literal": "ab*"}, "Wildcard", {"Literal": ""}]}}""",
        "\"a\" like \"*ab\\**\"")]
    [InlineData("""{"is": {"left": {"Var": "principal"}, "entity_type": "A::B", "in": {"Var": "resource"}}}""",
        "principal is A::B in resource")]
    [InlineData("""{"ip": []}""", "ip()")]
    [InlineData("""{"Record": {"a b": {"Value": 1}, "if": {"Value": 2}}}""", "{\"a b\": 1, \"if\": 2}")]
    [InlineData("""{"&&": {"left": {"&&": {"left": {"Value": true}, "right": {"Value": false}}},"""
        + """ "right": {"&&": {"left": {"Value": true}, "right": {"Value": true}}}}}""", "true && false && (true && true)")]
    [InlineData("""{"Value": null}""")]
    [InlineData("""{"Value": 1.5}""")]
    [InlineData("""{"Var": "foo"}""")]
    [InlineData("""{"Foo": 1}""")]
    [InlineData("""{"Slot": "?principal"}""")]
    [InlineData("""{"Value": true, "Var": "principal"}""")]
    [InlineData("{}")]
    [InlineData("""{"has": {"left": {"Var": "principal"}, "attr": []}}""")]
    [InlineData("""{".": {"left": {"Var": "principal"}}}""")]
    [InlineData("""{".": {"left": {"Var": "principal"}, "attr": "a", "more": 1}}""")]
    [InlineData("""{"is": {"left": {"Var": "principal"}, "entity_type": "A :: B"}}""")]
    [InlineData("""{"like": {"left": {"Value": "a"}, "pattern": ["wild"]}}""")]
    [InlineData("""{"like": {"left": {"Value": "a"}, "pattern": "a*"}}""")]
    [InlineData("""{"foo": [{"Value": 1}]}""")]
    [InlineData("""{"contains": [{"Value": 1}]}""")]
    [InlineData("""{"Record": {"a": {"Value": 1}, "a": {"Value": 2}}}""")]
    public void Expressions(string body, string? expected = null)
    {
        var policy = PolicySyntax.ParseJson(
            $$"""{"effect": "permit", "principal": {{All}}, "action": {{All}}, "resource": {{All}},"""
            + $$""" "conditions": [{"kind": "when", "body": {{body}}}]}""");

        Assert.Equal(expected, policy.Value?.Conditions[0].Body.ToString());
        Assert.Equal(expected is null, policy.Diagnostics.Count > 0);
    }

    [Theory]
    [InlineData("""{"op": "all", "more": 1}""", "principal")]
    [InlineData("""{"op": "==", "entity": {"__entity": {"type": "U", "id": "a"}}}""", "principal == U::\"a\"")]
    [InlineData("""{"op": "in", "slot": "?principal"}""", "principal in ?principal")]
    [InlineData("""{"op": "is", "entity_type": "U", "in": {"slot": "?principal"}}""", "principal is U in ?principal")]
    [InlineData("""{"op": "==", "slot": "?principal", "entity": {"type": "U", "id": "a"}}""", "principal == U::\"a\"")]
    [InlineData("""["All"]""", "principal")]
    [InlineData("""["is", "U", {"entity": ["U", "a"]}]""", "principal is U in U::\"a\"")]
    [InlineData("""["is", "U", null]""", "principal is U")]
    [InlineData("""{"op": "is", "entity_type": "U", "in": null}""", "principal is U")]
    [InlineData("""{"op": "==", "entity": ["U", "a"]}""", "principal == U::\"a\"")]
    [InlineData("""["All", null]""")]
    [InlineData("""["is", "U"]""")]
    [InlineData("""["==", {"type": "U", "id": "a"}]""")]
    [InlineData("""{"op": "is", "entity_type": "U", "more": 1}""")]
    [InlineData("""{"op": "==", "slot": "?resource"}""")]
    [InlineData("""{"op": "=="}""")]
    [InlineData("""{"op": "<", "entity": {"type": "U", "id": "a"}}""")]
    [InlineData("""{"op": "in", "entities": [{"type": "U", "id": "a"}]}""")]
    [InlineData("""{"op": "==", "entity": "U::\"a\""}""")]
    [InlineData("""{"op": "is", "entity_type": "if"}""")]
    public void Principals(string scope, string? expected = null) => Scopes(scope, All, expected);

    [Theory]
    [InlineData("""{"op": "in", "entity": {"type": "Action", "id": "a"}}""", "action in Action::\"a\"")]
    [InlineData("""{"op": "in", "entities": [{"type": "Action", "id": "a"}, {"type": "N::Action", "id": "b"}]}""",
        "action in [Action::\"a\", N::Action::\"b\"]")]
    [InlineData("""{"op": "in", "entities": []}""", "action in []")]
    [InlineData("""["All"]""", "action")]
    [InlineData("""["in", []]""")]
    [InlineData("""{"op": "==", "entity": {"type": "U", "id": "a"}}""")]
    [InlineData("""{"op": "in", "entities": [{"type": "U", "id": "a"}]}""")]
    [InlineData("""{"op": "==", "slot": "?action"}""")]
    [InlineData("""{"op": "is", "entity_type": "Action"}""")]
    public void Actions(string scope, string? expected = null) => Scopes(All, scope, expected);

    [Theory]
    [InlineData("""{"a": "x", "b": null, "if": ""}""", "@a(\"x\")\n@b\n@if(\"\")\n")]
    [InlineData("""{"a b": "x"}""")]
    [InlineData("""{"a": 1}""")]
    [InlineData("[]")]
    public void Annotations(string annotations, string? expected = null)
    {
        var policy = PolicySyntax.ParseJson(
            $$"""{"effect": "forbid", "principal": {{All}}, "action": {{All}}, "resource": {{All}}, "conditions": [],"""
            + $$""" "annotations": {{annotations}}}""");

        Assert.Equal(expected is null, policy.Diagnostics.Count > 0);
        Assert.StartsWith(expected ?? "", policy.Value?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["permit", ["All"], ["All"], ["All"], [["when", {"Value": 1}]]]""", "permit(principal, action, resource) when { 1 };")]
    [InlineData("""["permit", ["All"], ["All"], ["All"], [], {"a": "x"}]""", "@a(\"x\") permit(principal, action, resource);")]
    [InlineData("""["permit", ["All"], ["All"], ["All"]]""")]
    [InlineData("""["permit", ["All"], ["All"], ["All"], [], {}, 1]""")]
    [InlineData("""["permit", ["All"], ["All"], ["All"], [["when"]]]""")]
    public void Policies_without_names(string json, string? expected = null)
        => Assert.Equal(
            expected is null ? null : PolicySet.Parse(expected).ValueOrThrow().Policies.Single().Syntax,
            PolicySyntax.ParseJson(json).Value);

    [Theory]
    [InlineData("""{"effect": "Permit", "principal": {"op": "All"}, "action": {"op": "All"}, "resource": {"op": "All"},"""
        + """ "conditions": []}""", "an effect is `permit` or `forbid`")]
    [InlineData("""{"effect": "permit", "principal": {"op": "All"}, "action": {"op": "All"}, "resource": {"op": "All"}}""",
        "the field `conditions` is missing here")]
    [InlineData("""{"effect": "permit", "principal": {"op": "All"}, "action": {"op": "All"}, "resource": {"op": "All"},"""
        + """ "conditions": [], "more": 1}""", "a policy has no field `more`")]
    [InlineData("""{"effect": "permit", "principal": {"op": "All"}, "action": {"op": "All"}, "resource": {"op": "All"},"""
        + """ "conditions": [{"kind": "if", "body": {"Value": true}}]}""", "a condition is `when` or `unless`")]
    public void Policies_that_are_none(string json, string message)
        => Assert.Equal(message, Assert.Single(PolicySyntax.ParseJson(json).Diagnostics).Message);

    [Fact]
    public void A_set_with_links_decides_as_its_JSON_does()
    {
        const string Json =
            """
            {"staticPolicies": {"a": {"effect": "forbid", "principal": {"op": "All"}, "action": {"op": "All"}, "resource": {"op": "All"},
               "conditions": [{"kind": "when", "body": {"Value": false}}]}},
             "templates": {"t": {"effect": "permit", "principal": {"op": "==", "slot": "?principal"},
               "action": {"op": "All"}, "resource": {"op": "All"}, "conditions": []}},
             "templateLinks": [{"templateId": "t", "newId": "l", "values": {"?principal": {"type": "U", "id": "a"}}}]}
            """;
        var policies = PolicySet.ParseJson(Json).ValueOrThrow();
        var someone = new EntityUid("U", "a");

        Assert.Equal(["l"], Authorizer.Decide(policies, new Request(someone, someone, someone), Cedar.Entities.Empty).Reasons);
        Assert.Equal(
            SyntaxCodes.InvalidShape, PolicySet.ParseJson(Json.Replace("\"templates\"", "\"staticPolicies2\"")).Diagnostics[0].Code);
        Assert.Equal(
            SyntaxCodes.InvalidSlot, PolicySet.ParseJson(Json.Replace("\"?principal\": {", "\"?resource\": {")).Diagnostics[0].Code);
        Assert.Equal(
            SyntaxCodes.UnknownName,
            PolicySet.ParseJson(Json.Replace("\"templateId\": \"t\"", "\"templateId\": \"u\"")).Diagnostics[0].Code);
        Assert.Equal(SyntaxCodes.Duplicate, PolicySet.ParseJson(Json.Replace("\"newId\": \"l\"", "\"newId\": \"a\"")).Diagnostics[0].Code);
        Assert.Equal(
            SyntaxCodes.InvalidShape,
            PolicySet.ParseJson(Json.Replace("\"slot\": \"?principal\"", "\"entity\": {\"type\": \"U\", \"id\": \"a\"}"))
                .Diagnostics[0].Code);
    }

    private static void Scopes(string principal, string action, string? expected)
    {
        var policy = PolicySyntax.ParseJson(
            $$"""{"effect": "permit", "principal": {{principal}}, "action": {{action}}, "resource": {{All}}, "conditions": []}""");

        Assert.Equal(expected is null, policy.Diagnostics.Count > 0);
        Assert.Contains(expected ?? "", policy.Value?.ToString() ?? "", StringComparison.Ordinal);
    }
}
