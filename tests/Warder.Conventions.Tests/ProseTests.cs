using Warder.Conventions.Tests.Rules;
using static Warder.Conventions.Tests.Planted;

namespace Warder.Conventions.Tests;

public sealed class ProseTests
{
    private static readonly string[] WholeProjects = [
        .. Agreed.Unplain.Keys.Where(static place => place.Count(static c => c == '/') == 1).Select(static place => place[4..])];

    [Fact]
    public void Comments_name_the_component_that_acts()
        => Keep.Rule(WordRules.Phrases(Checkout.Code, Agreed.BannedTurns, WholeProjects), Agreed.Unplain);

    [Theory]
    [InlineData("// Nobody waits.")]
    [InlineData("/// <summary>What it was told.</summary>")]
    [InlineData("/* The others wait. */")]
    public void A_banned_turn_is_found(string comment)
        => Assert.Equal(["src/A/B.cs"], Places(WordRules.Phrases([File("src/A/B.cs", comment + "\nclass C { }")], Agreed.BannedTurns, [])));

    [Fact]
    public void A_turn_in_a_name_or_a_string_is_let_be()
        => Assert.Empty(
            WordRules.Phrases(
                [File("src/A/B.cs", "class C { string Who = \"who asks\"; } // The task of the caller, as of now.")],
                Agreed.BannedTurns, []));

    [Theory]
    [InlineData("tests/Warder.A.Tests/B.cs")]
    [InlineData("bench/A/B.cs")]
    public void A_banned_turn_outside_src_is_found(string path)
        => Assert.Equal([path], Places(WordRules.Phrases([File(path, "// Nobody.\nclass C { }")], Agreed.BannedTurns, ["A"])));

    [Fact]
    public void Tests_and_benchmarks_are_read()
    {
        Assert.Contains(Checkout.Code, static file => file.Path == "tests/Warder.Conventions.Tests/ProseTests.cs");
        Assert.Contains(Checkout.Code, static file => file.Path.StartsWith("bench/", StringComparison.Ordinal) && file.IsCSharp);
    }

    [Fact]
    public void A_project_of_the_list_is_one_place()
        => Assert.Equal(
            ["src/A"],
            Places(
                WordRules.Phrases(
                    [File("src/A/B.cs", "// Nobody.\nclass C { }"), File("src/A/C.cs", "// Told.")], Agreed.BannedTurns, ["A"])));
}
