using Warder.Conventions.Tests.Rules;
using static Warder.Conventions.Tests.Planted;

namespace Warder.Conventions.Tests;

public sealed class SizeTests
{
    [Fact]
    public void Files_are_short() => Keep.Rule(SizeRules.Files(Checkout.Sources, Agreed.LinesAFile), Agreed.LongFiles);

    [Fact]
    public void Methods_are_short() => Keep.Rule(SizeRules.Methods(Checkout.Sources, Agreed.LinesAMethod), Agreed.LongMethods);

    [Fact]
    public void Folders_hold_few_files() => Keep.Rule(SizeRules.Folders(Checkout.Sources, Agreed.FilesAFolder), Agreed.CrowdedFolders);

    [Fact]
    public void Lines_end_at_a_column() => Keep.Rule(SizeRules.Lines(Checkout.Code, Agreed.Columns), Agreed.LongLines);

    [Theory]
    [InlineData("// §", 137)]
    [InlineData("    /// §", 132)]
    [InlineData("var a = \"§\";", 129)]
    public void A_long_line_is_found(string line, int room)
    {
        var enough = File("src/A/Enough.cs", "\n" + line.Replace("§", Repeated("a", room)) + "\r\n");
        var longer = File("src/A/Long.cs", "\n" + line.Replace("§", Repeated("a", room + 1)) + "\n");

        var found = Assert.Single(SizeRules.Lines([enough, longer], 140));
        Assert.Equal(("src/A/Long.cs", "line 2 has 141 columns; at most 140"), (found.Where, found.What));
    }

    [Theory]
    [InlineData("é")]
    [InlineData("…")]
    [InlineData("🗝")]
    public void A_line_is_as_long_as_its_characters(string character)
    {
        var enough = File("src/A/Enough.cs", Repeated(character, 140));
        var longer = File("src/A/Long.cs", Repeated(character, 141));

        Assert.Equal(["src/A/Long.cs"], Places(SizeRules.Lines([enough, longer], 140)));
    }

    [Fact]
    public void A_long_file_is_found()
    {
        SourceFile[] sources =
            [File("src/A/Short.cs", Lines(400)), File("src/A/Long.cs", Lines(401)), File("src/A/packages.lock.json", Lines(900))];

        Assert.Equal(["src/A/Long.cs"], Places(SizeRules.Files(sources, 400)));
    }

    [Theory]
    [InlineData("class C { void M() { §} }", "M")]
    [InlineData("class C { C() { §} }", "C")]
    [InlineData("class C { int P { get { §return 1; } } }", "P")]
    [InlineData("class C { int P => 1 §+ 1; }", "P")]
    [InlineData("class C { int this[int i] { get { §return 1; } } }", "this[]")]
    [InlineData("class C { public static C operator +(C a, C b) { §return a; } }", "operator+")]
    [InlineData("class C { public static implicit operator int(C a) { §return 1; } }", "operator int")]
    [InlineData("class C { object o = new C(); void M() { void Inner() { §} } }", "M", "Inner")]
    [InlineData("var a = 1; §var b = a;", "top-level statements")]
    public void A_long_method_is_found(string code, params string[] names)
    {
        var longer = File("src/A/Long.cs", code.Replace("§", Lines(60)));
        var enough = File("src/A/Short.cs", code.Replace("§", Lines(59)));

        Assert.Equal(names.Select(name => $"src/A/Long.cs#{name}"), Places(SizeRules.Methods([longer, enough], 60)));
    }

    [Fact]
    public void Comments_above_a_method_are_not_its_length()
        => Assert.Empty(SizeRules.Methods([File("src/A/B.cs", $"class C {{ {Lines(90)} [A]\n void M() {{ }} }}")], 60));

    [Fact]
    public void A_crowded_folder_is_found()
    {
        var sixteen = Enumerable.Range(1, 16).Select(number => File($"src/A/Keys/{number}.cs"));
        var fifteen = Enumerable.Range(1, 15).Select(number => File($"src/A/{number}.cs")).Append(File("src/A/A.csproj"));

        Assert.Equal(["src/A/Keys"], Places(SizeRules.Folders([.. sixteen, .. fifteen], 15)));
    }

    [Fact]
    public void An_exception_needs_a_reason_and_a_use()
    {
        Violation[] found = [new("a", "is long"), new("b", "is long"), new("c", "is long")];
        var exceptions = new Dictionary<string, string> { ["a"] = "one big switch", ["b"] = " ", ["gone"] = "one big switch" };

        Assert.Equal(["c", "b", "gone"], Places(Keep.Except(found, exceptions)));
    }

    [Fact]
    public void What_is_found_fails_the_test()
        => Assert.Contains("a: is long", Assert.ThrowsAny<Exception>(() => Keep.Rule([new Violation("a", "is long")])).Message);

    private static string Repeated(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("// more\n", count));
}
