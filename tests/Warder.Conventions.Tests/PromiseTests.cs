using Warder.Conventions.Tests.Rules;
using static Warder.Conventions.Tests.Planted;

namespace Warder.Conventions.Tests;

public sealed class PromiseTests
{
    private static IEnumerable<SourceFile> Tests => Checkout.Under("tests/");

    [Fact]
    public void No_test_is_skipped() => Keep.Rule(TestRules.Skips(Tests), Agreed.SkippedTests);

    [Fact]
    public void Every_invariant_names_its_test()
        => Keep.Rule(TestRules.Invariants(Checkout.Find("ARCHITECTURE.md")!, Tests));

    [Fact]
    public void No_file_speaks_of_a_workplace() => Keep.Rule(WordRules.Workplace(Checkout.Files));

    [Theory]
    [InlineData("tests/A/ATests.cs", "class A { [Fact(Skip = \"slow\")] public void M() { } }")]
    [InlineData("tests/A/ATests.cs", "class A { [Theory, InlineData(1, Skip = \"slow\")] public void M(int i) { } }")]
    [InlineData("tests/A/ATests.cs", "class A { [Fact(Explicit = true)] public void M() { } }")]
    [InlineData("tests/A/ATests.cs", "class A { [Fact] public void M() { Assert.SkipWhen(true, \"slow\"); } }")]
    [InlineData("tests/node/a.test.mjs", "test.skip('a', () => {});")]
    [InlineData("tests/node/a.test.mjs", "test('a', { skip: true }, () => {});")]
    [InlineData("tests/node/a.test.mjs", "it.only('a', () => {});")]
    public void A_skipped_test_is_found(string path, string code)
        => Assert.Equal([path.EndsWith(".cs", StringComparison.Ordinal) ? path + "#M" : path], Places(TestRules.Skips([File(path, code)])));

    [Fact]
    public void A_test_that_speaks_of_skipping_is_let_be()
    {
        SourceFile[] tests =
        [
            File("tests/A/ATests.cs", "class A { [Fact] public void Skip() { list.Skip(1); } }"),
            File("tests/node/a.test.mjs", "test('pages that skip', () => {});"),
        ];

        Assert.Empty(TestRules.Skips(tests));
    }

    [Fact]
    public void Invariants_that_name_tests_are_kept()
        => Assert.Empty(Invariants(
            """
            # Architecture
            - Not an invariant.

            ## Invariants
            How to read them.

            - A revoked key — by whomever — is refused
              by every node. — `KeyTests.A_revoked_key_is_refused`,
              `keys.test.mjs: a revoked key's owner is told`
            - Another. — `KeyTests.Every_key_ends`

            ## Layout
            - Not an invariant either.
            """));

    [Theory]
    [InlineData("## Invariants\n- Keys end. — `KeyTests.Nobody_wrote_this`", "there is no test KeyTests.Nobody_wrote_this")]
    [InlineData("## Invariants\n- Keys end. — `KeyTests.A_helper`", "there is no test KeyTests.A_helper")]
    [InlineData("## Invariants\n- Keys end. — `keys.test.mjs: nobody wrote this`", "there is no test keys.test.mjs: nobody wrote this")]
    [InlineData("## Invariants\n- Keys end.", "names no test (— `ClassName.Test_name`): Keys end.")]
    [InlineData("## Invariants\n- `K.T` holds — no?", "names no test (— `ClassName.Test_name`): `K.T` holds — no?")]
    [InlineData("## Invariants\n\n## Layout\n- Keys.", "has no point under \"## Invariants\"")]
    [InlineData("# Architecture\n", "has no point under \"## Invariants\"")]
    public void An_invariant_without_its_test_is_found(string markdown, string what)
        => Assert.Equal([what], Invariants(markdown).Select(violation => violation.What));

    [Fact]
    public void A_word_of_a_workplace_is_found()
    {
        SourceFile[] files =
        [
            File("docs/a.md", "See /wo" + "rk/main."), File("docs/b.md", "Done in this ses" + "sion"), File("docs/c.md", "network/work"),
        ];

        Assert.Equal(["docs/a.md", "docs/b.md"], Places(WordRules.Workplace(files)));
    }

    private static IEnumerable<Violation> Invariants(string markdown) => TestRules.Invariants(
        File("ARCHITECTURE.md", markdown),
        [
            File(
                "tests/A/KeyTests.cs",
                """
                class KeyTests
                {
                    [Fact] public void A_revoked_key_is_refused() { }
                    [Property(MaxTest = 9)] public void Every_key_ends() { }
                    void A_helper() { }
                }
                """),
            File("tests/node/keys.test.mjs", "test('a revoked key\\'s owner is told', async () => {});"),
        ]);
}
