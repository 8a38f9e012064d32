using Warder.Conventions.Tests.Rules;
using static Warder.Conventions.Tests.Planted;

namespace Warder.Conventions.Tests;

public sealed class ProseTests
{
    private static readonly string[] WholeProjects = [.. Agreed.Unplain.Keys.Where(static place => place.Count(static c => c == '/') == 1).Select(static place => place[4..])];

    [Fact]
    public void Comments_name_the_component_that_acts()
        => Keep.Rule(WordRules.Phrases(Checkout.Sources, Agreed.BannedTurns, WholeProjects), Agreed.Unplain);

    [Theory]
    [InlineData("// Nobody waits.")]
    [InlineData("/// <summary>What it was told.</summary>")]
    [InlineData("/* The others wait. */")]
    public void A_banned_turn_is_found(string comment)
        => Assert.Equal(["src/A/B.cs"], Places(WordRules.Phrases([File("src/A/B.cs", comment + "\nclass C { }")], Agreed.BannedTurns, [])));

    [Fact]
    public void A_turn_in_a_name_or_a_string_is_let_be()
        => Assert.Empty(WordRules.Phrases([File("src/A/B.cs", "class C { string Who = \"who asks\"; } // The task of the caller, as of now.")], Agreed.BannedTurns, []));

    [Fact]
    public void A_project_of_the_list_is_one_place()
        => Assert.Equal(["src/A"], Places(WordRules.Phrases([File("src/A/B.cs", "// Nobody.\nclass C { }"), File("src/A/C.cs", "// Told.")], Agreed.BannedTurns, ["A"])));
}
