using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Schemas;

/// <summary>A diagnostic of a schema has its place, and proposes a correction.</summary>
public sealed class SchemaErrorTests
{
    [Theory]
    [InlineData("entity User {\n  age: Lnog\n};", SchemaCodes.Undeclared, 2, 8, "  age: Lnog\n       ^^^^", "did you mean `Long`?")]
    [InlineData("entity User { ok: Boolean };", SchemaCodes.Undeclared, 1, 19, "entity User { ok: Boolean };\n                  ^^^^^^^",
        "booleans are `Bool`")]
    [InlineData("entity User; entity User;", SyntaxCodes.Duplicate, 1, 21, "entity User; entity User;\n                    ^^^^", null)]
    [InlineData("entty User;", SyntaxCodes.UnexpectedToken, 1, 1, "entty User;\n^^^^^", "did you mean `entity`?")]
    [InlineData("action a in b;\naction c;", SchemaCodes.Undeclared, 1, 13, "action a in b;\n            ^",
        "did you mean `Action::\"a\"`?")]
    [InlineData("action a in b;\naction b in a;", SchemaCodes.Cycle, 1, 8, "action a in b;\n       ^", null)]
    [InlineData("type A = {b: B}; type B = Set<A>;", SchemaCodes.Cycle, 1, 31,
        "type A = {b: B}; type B = Set<A>;\n                              ^", null)]
    [InlineData("entity A; namespace N { type A = Long; }", SchemaCodes.Shadowing, 1, 30,
        "entity A; namespace N { type A = Long; }\n                             ^", "give one of them another name, or another namespace")]
    [InlineData("entity A; action a appliesTo { principal: A };", SyntaxCodes.InvalidShape, 1, 45,
        "entity A; action a appliesTo { principal: A };\n                                            ^",
        "`appliesTo` needs both `principal` and `resource`")]
    [InlineData("type C = Long; entity A; action a appliesTo { principal: A, resource: A, context: C };", SchemaCodes.NoRecord, 1, 83, null,
        null)]
    [InlineData("namespace N { entity Usr; entity G in User; }", SchemaCodes.Undeclared, 1, 39, null, "did you mean `Usr`?")]
    [InlineData("entity in;", SyntaxCodes.ReservedWord, 1, 8, null, null)]
    [InlineData("entity A = {a: \"x\"};", SyntaxCodes.UnexpectedToken, 1, 16, null, null)]
    public void Text(string text, string code, int line, int column, string? excerpt, string? help)
    {
        var error = Schema.Parse(text, "app.cedarschema").Diagnostics.First(it => it.Severity == Severity.Error);

        Assert.Equal((code, line, column, help, "app.cedarschema"), (error.Code, error.Line, error.Column, error.Help, error.File));
        Assert.True(excerpt is null || excerpt == error.Excerpt, error.Excerpt);
    }

    [Theory]
    [InlineData("{\"\": {\n \"entityTypes\": {\"A\": {\"shap\": {}}}, \"actions\": {}}}", SyntaxCodes.InvalidShape, 2, 24,
        "did you mean `shape`?")]
    [InlineData("{\"\": {\"entityTypes\": {}}}", SyntaxCodes.InvalidShape, 1, 6, null)]
    [InlineData("{\"\": {\"entityTypes\": {\"A\": {\"tags\": {\"type\": \"Extension\", \"name\": \"ipadr\"}}}, \"actions\": {}}}",
        SchemaCodes.Undeclared, 1, 67, "did you mean `ipaddr`?")]
    [InlineData("{\"\": {\"entityTypes\": {\"A\": {}, \"A\": {}}, \"actions\": {}}}", SyntaxCodes.Duplicate, 1, 32, null)]
    [InlineData("{\"\": ", SyntaxCodes.InvalidJson, 1, 6, null)]
    public void Json(string json, string code, int line, int column, string? help)
    {
        var error = Schema.ParseJson(json).Diagnostics[0];

        Assert.Equal((code, line, column, help), (error.Code, error.Line, error.Column, error.Help));
    }

    [Fact]
    public void Every_declaration_that_is_wrong_is_said()
        => Assert.Equal(
            [1, 2, 4], Schema.Parse("entity A {x: };\nentity in;\nentity B;\naction a appliesTo {};").Diagnostics.Select(it => it.Line));

    [Theory]
    [InlineData("entity Long;", "`Long` hides the built-in type")]
    [InlineData("entity T; type T = Long;", "the common type `T` hides the entity type of that name")]
    [InlineData("entity A {x: Long, x: String};", "the attribute `x` occurs twice; this one counts")]
    public void What_hides_something_is_a_warning_beside_the_schema(string text, string message)
    {
        var schema = Schema.Parse(text);

        Assert.True(schema.Succeeded);
        Assert.Equal((Severity.Warning, message), (schema.Diagnostics.Single().Severity, schema.Diagnostics.Single().Message));
    }

    [Theory]
    [InlineData("{\"\": {\"entityTypes\": {\"A\": {\"shape\": {\"type\": \"T\"}}}, \"actions\": {},"
        + " \"commonTypes\": {\"T\": {\"type\": \"Record\", \"attributes\": {}}}}}")]
    [InlineData("{\"\": {\"entityTypes\": {\"T\": {\"tags\": {\"type\": \"Entity\", \"name\": \"T\"}}}, \"actions\": {},"
        + " \"commonTypes\": {\"T\": {\"type\": \"Long\"}}}}")]
    [InlineData("{\"N\": {\"entityTypes\": {\"T\": {}}, \"actions\": {}, \"commonTypes\": {\"T\": {\"type\": \"Long\"}}}}")]
    public void What_only_JSON_can_say_is_not_made_text_of(string json)
    {
        var schema = Schema.ParseJson(json).ValueOrThrow();

        Assert.Equal(SchemaCodes.NotConvertible, schema.ToText().Diagnostics.Single().Code);
        Assert.Equal(schema.ToJson(), schema.ToString());
    }

    [Fact]
    public void A_type_of_Cedars_own_stays_one_in_text_beside_an_entity_type_of_its_name()
    {
        var schema = Schema.ParseJson("""{"N": {"entityTypes": {"datetime": {"tags": {"type": "datetime"}}}, "actions": {}}}""")
            .ValueOrThrow();
        var again = Schema.Parse(schema.ToText().ValueOrThrow()).ValueOrThrow();

        Assert.Equal(ValueKind.DateTime, schema.EntityTypes.Values.Single().Tags!.Kind);
        Assert.Equal(ValueKind.DateTime, again.EntityTypes.Values.Single().Tags!.Kind);
    }

    [Fact]
    public void A_namespace_with_an_entity_type_and_a_common_type_of_one_name_is_read_and_has_no_text()
        => Assert.Equal(
            SchemaCodes.NotConvertible,
            Schema.Parse("namespace N { type A = Long; entity A; }").ValueOrThrow().ToText().Diagnostics.Single().Code);
}
