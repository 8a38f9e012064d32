using System.Text;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Validation;

namespace Warder.Cedar.Tests.Schemas;

/// <summary>Every depth, length or entanglement of a schema gives an error or an answer, on a small stack and in little time.</summary>
public sealed class SchemaBoundsTests
{
    private const int TooMany = 100_000;

    [Theory]
    [InlineData("Set<", ">")]
    [InlineData("{a: ", "}")]
    public void Nested_types_are_refused_beyond_the_limit_and_used_up_to_it(string before, string behind)
        => SmallStack.Run(() =>
        {
            Assert.Equal(SyntaxCodes.LimitExceeded, Schema.Parse(Text(TooMany)).Diagnostics[0].Code);
            Assert.Equal(SyntaxCodes.LimitExceeded, Schema.Parse(Text(Limits.Depth)).Diagnostics[0].Code);
            var deepest = Schema.Parse(Text(Limits.Depth - 1)).ValueOrThrow();
            Assert.Equal(deepest.ToString(), Schema.Parse(deepest.ToString()).ValueOrThrow().ToString());
            Assert.Equal(Limits.Depth, deepest.EntityTypes.Values.Single().Tags!.Depth);
            Assert.NotEmpty(deepest.EntityTypes.Values.Single().Tags!.ToString());
            Assert.True(
                Validator.Validate(
                    PolicySet.Parse(
                        "permit(principal, action, resource) when { principal.hasTag(\"t\") && principal.getTag(\"t\") =="
                            + " resource.getTag(\"t\") };").ValueOrThrow(), deepest) is { IsValid: false });

            string Text(
                int levels)
                => $"entity A tags"
                    + $" {string.Concat(Enumerable.Repeat(before, levels))}Long{string.Concat(Enumerable.Repeat(behind, levels))}; action a"
                    + $" appliesTo {{principal: A, resource: A}};";
        });

    [Theory]
    [InlineData("{\"type\":\"Set\",\"element\":", "}")]
    [InlineData("{\"type\":\"Record\",\"attributes\":{\"a\":", "}}")]
    [InlineData("[", "]")]
    public void Nested_JSON_is_refused(string before, string behind)
        => SmallStack.Run(() => Assert.Equal(SyntaxCodes.LimitExceeded, Schema.ParseJson(
            $"{{\"\":{{\"actions\":{{}},"
                + $"\"entityTypes\":{{\"A\":{{\"tags\":{string.Concat(Enumerable.Repeat(before, TooMany))}{{\"type\":\"Long\"}}"
                + $"{string.Concat(Enumerable.Repeat(behind, TooMany))}}}}}}}}}").Diagnostics[0].Code));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_long_chain_of_names_for_one_type_is_followed(bool isForward)
        => SmallStack.Run(() =>
        {
            var numbers = Enumerable.Range(1, TooMany - 2);
            var text = new StringBuilder("entity A tags T99998; type T0 = Long;");
            foreach (var number in isForward ? numbers : numbers.Reverse())
                text.Append($"type T{number} = T{number - 1};");

            Assert.Same(CedarType.Long, Schema.Parse(text.ToString()).ValueOrThrow().EntityTypes.Values.Single().Tags);
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Common_types_inside_one_another_are_refused_beyond_the_depth(bool isForward)
        => SmallStack.Run(() =>
        {
            var numbers = Enumerable.Range(1, 10_000);
            var text = string.Concat((isForward ? numbers : numbers.Reverse()).Select(number => $"type T{number} = Set<T{number - 1}>;"));

            Assert.Equal(SyntaxCodes.LimitExceeded, Schema.Parse($"type T0 = Long; {text}").Diagnostics[0].Code);
        });

    [Fact]
    public void A_short_schema_that_says_a_vast_type_is_refused()
    {
        var text = string.Concat(Enumerable.Range(1, 150).Select(number => $"type T{number} = {{a: T{number - 1}, b: T{number - 1}}};"));

        Assert.Equal(SyntaxCodes.LimitExceeded, Schema.Parse($"type T0 = Long; {text}").Diagnostics[0].Code);
    }

    [Fact]
    public void Long_chains_of_groups_and_types_are_closed_or_refused()
        => SmallStack.Run(() =>
        {
            var actions = string.Concat(Enumerable.Range(1, 2_000).Select(number => $"action a{number} in a{number - 1};"));
            var types = string.Concat(Enumerable.Range(1, 2_000).Select(number => $"entity E{number} in E{number - 1};"));
            var schema = Schema.Parse($"action a0; {actions} entity E0; {types}").ValueOrThrow();
            Assert.Equal(2_000, schema.Actions[new EntityUid("Action", "a2000")].Ancestors.Count);
            Assert.Equal(2_000, schema.EntityTypes[EntityTypeName.Parse("E2000")].Ancestors.Count);

            var few = Limits.Default with { Ancestors = 1_000_000 };
            Assert.Equal(SyntaxCodes.LimitExceeded, Schema.Parse($"action a0; {actions}", limits: few).Diagnostics[0].Code);
            Assert.Equal(SyntaxCodes.LimitExceeded, Schema.Parse($"entity E0; {types}", limits: few).Diagnostics[0].Code);
        });

    [Fact]
    public void More_declarations_than_the_limit_are_refused_in_both_forms()
    {
        var few = Limits.Default with { Declarations = 3 };

        Assert.True(Schema.Parse("entity A, B; type T = Long;", limits: few).Succeeded);
        Assert.Equal(SyntaxCodes.LimitExceeded, Schema.Parse("entity A, B; type T = Long; action a;", limits: few).Diagnostics[0].Code);
        Assert.Equal(
            SyntaxCodes.LimitExceeded,
            Schema.ParseJson("{\"\":{\"entityTypes\":{\"A\":{},\"B\":{}},\"actions\":{\"a\":{},\"b\":{}}}}", limits: few)
                .Diagnostics[0].Code);
    }

    [Fact]
    public void Validation_ends_when_it_takes_too_many_steps()
    {
        var actions = string.Concat(
            Enumerable.Range(0, 100).Select(number => $"action a{number} appliesTo {{principal: [{Types()}], resource: [{Types()}]}};"));
        var schema = Schema.Parse($"entity {Types()}; {actions}").ValueOrThrow();
        var policies = PolicySet.Parse("permit(principal, action, resource) when { principal == resource };").ValueOrThrow();

        Assert.True(Validator.Validate(policies, schema).IsValid);
        Assert.Equal(
            ValidationCodes.LimitExceeded,
            Validator.Validate(policies, schema, limits: Limits.Default with { ValidationSteps = 10_000 }).Errors.Single().Code);

        static string Types() => string.Join(", ", Enumerable.Range(0, 20).Select(number => $"E{number}"));
    }

    [Fact]
    public void Long_paths_and_deep_values_are_validated_or_refused()
        => SmallStack.Run(() =>
        {
            const int Deep = Limits.Depth - 10;
            var type = string.Concat(Enumerable.Repeat("{a?: ", Deep)) + "Long" + string.Concat(Enumerable.Repeat("}", Deep));
            var schema = Schema.Parse(
                $"entity A {{self: A, deep?: {type}}}; action a appliesTo {{principal: A, resource: A, context: {type}}};").ValueOrThrow();

            Assert.Equal(
                ValidationCodes.LimitExceeded,
                Validator.Validate(Has("principal", "self", TooMany / 2), schema, level: 5).Errors.Single().Code);
            Assert.Equal(
                ValidationCodes.LevelExceeded,
                Validator.Validate(Has("principal", "self", Limits.Depth), schema, level: 5).Errors.Single().Code);
            Assert.True(Validator.Validate(Has("context", "a", Deep), schema, level: 5).IsValid);

            var value = string.Concat(Enumerable.Repeat("{\"a\": ", Deep)) + "\"x\"" + string.Concat(Enumerable.Repeat("}", Deep));
            Assert.Equal(ConformanceCodes.WrongType, schema.ParseContext(new EntityUid("Action", "a"), value).Diagnostics.Single().Code);
            Assert.True(schema.ParseContext(new EntityUid("Action", "a"), value.Replace("\"x\"", "1", StringComparison.Ordinal)).Succeeded);
        });

    [Fact]
    public void What_is_said_of_a_vast_type_is_short()
    {
        var fields = string.Join(", ", Enumerable.Range(0, 5_000).Select(number => $"a{number}: Long"));
        var schema = Schema.Parse($"entity A; action a appliesTo {{principal: A, resource: A, context: {{{fields}}}}};").ValueOrThrow();
        var vast = string.Join(", ", Enumerable.Range(0, 1_000).Select(number => $"a{number}: context"));

        var error = Validator.Validate(
            PolicySet.Parse($"permit(principal, action, resource) when {{ {{{vast}}} == 1 }};").ValueOrThrow(), schema).Errors.Single();

        Assert.InRange(error.Message.Length, 1, 3_000);
    }

    private static PolicySet Has(string on, string name, int names)
        => PolicySet.Parse($"permit(principal, action, resource) when {{ {on} has {string.Join('.', Enumerable.Repeat(name, names))} }};")
            .ValueOrThrow();
}
