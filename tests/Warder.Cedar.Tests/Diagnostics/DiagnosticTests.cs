using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;

namespace Warder.Cedar.Tests.Diagnostics;

/// <summary>What is wrong is said with the place, and with what would be right.</summary>
public sealed class DiagnosticTests
{
    [Fact]
    public void An_error_has_file_line_column_excerpt_and_help()
    {
        var error = Assert.Single(PolicySet.Parse("permit(principal, action, resource)\n  when { \"😀\" == pricipal };", "photos.cedar").Diagnostics);

        Assert.Equal((SyntaxCodes.UnknownName, "photos.cedar", 2, 17), (error.Code, error.File, error.Line, error.Column));
        Assert.Equal(
            "photos.cedar:2:17: error [unknown_name] `pricipal` is no variable (did you mean `principal`?)\n"
            + "  when { \"😀\" == pricipal };\n"
            + "                ^^^^^^^^",
            error.ToString());
    }

    [Theory]
    [InlineData("permti(principal, action, resource);", "did you mean `permit`?")]
    [InlineData("permit(princpal, action, resource);", "did you mean `principal`?")]
    [InlineData("permit(principal, action, resource) whenn { true };", "did you mean `when`?")]
    [InlineData("permit(principal, action, resource) when { context.ip.isInRnage(ip(\"::1\")) };", "did you mean `isInRange`?")]
    [InlineData("permit(principal, action, resource) when { Decimal(\"1.0\") };", "did you mean `decimal`?")]
    [InlineData("permit(principal = User::\"a\", action, resource);", "equality is written `==`")]
    [InlineData("permit(principal, action, resource) when { 1 = 1 };", "equality is written `==`")]
    [InlineData("permit(principal, action, resource) when { isInRange(1) };", "write `… .isInRange(…)`")]
    [InlineData("permit(principal, action, resource) when { \"a\\*\" == \"\" };", "`\\*` is valid only in a pattern, after `like`")]
    [InlineData("permit(principal, action == User::\"a\", resource);", "the type of an action is `Action`, in any namespace")]
    [InlineData("permit(principal == ?resource, action, resource);", "the slot here is `?principal`")]
    [InlineData("permit(principal, action, resource, context);", "write further conditions after the scope: `when { … }`")]
    public void An_error_says_what_would_be_right(string text, string help) => Assert.Equal(help, PolicySet.Parse(text).Diagnostics[0].Help);

    [Fact]
    public void All_errors_of_a_text_are_reported_up_to_a_bound()
    {
        const string Text = "permit(principal, action);\npermit(principal, action, resource);\nforbid(principal action resource);\nallow;";

        Assert.Equal([1, 3, 4], PolicySet.Parse(Text).Diagnostics.Select(error => error.Line));
        Assert.Equal(Limits.Default.Errors, PolicySet.Parse(string.Concat(Enumerable.Repeat("#;", 1_000))).Diagnostics.Count);
    }

    [Fact]
    public void Of_a_very_long_line_the_part_around_the_place_is_shown()
    {
        var error = PolicySet.Parse($"permit(principal, action, resource) when {{ {new string(' ', 100_000)} # {new string(' ', 100_000)} }};").Diagnostics[0];

        Assert.InRange(error.Excerpt!.Length, 1, 400);
        Assert.Contains('#', error.Excerpt);
    }

    [Fact]
    public void An_error_in_JSON_has_its_place()
    {
        var error = Assert.Single(Entities.ParseJson("[{\"uid\": {\"type\": \"User\", \"id\": \"a\"},\n  \"attrs\": {\"a b\": [1, 1.5]}, \"parents\": []}]", "entities.json").Diagnostics);

        Assert.Equal(("entities.json", 2, 24, "[0].attrs[\"a b\"][1]"), (error.File, error.Line, error.Column, error.Path));
        Assert.StartsWith("entities.json:2:24:[0].attrs[\"a b\"][1]: error [invalid_shape] Cedar has no numbers but integers of 64 bits", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_that_a_schema_finds_in_JSON_has_its_place_in_the_document()
    {
        var schema = Schema.Parse("entity User { a?: {b: Long}, c?: Bool };").ValueOrThrow();
        var errors = schema.ParseEntities("""[{"uid": {"type": "User", "id": "a"}, "attrs": {"a": {"b": true}}, "parents": []}, [["User", "b"], {"c": 1}, []]]""").Diagnostics;

        Assert.Equal(["[0].attrs.a.b", "[1][1].c"], errors.Select(error => error.Path));
    }
}
