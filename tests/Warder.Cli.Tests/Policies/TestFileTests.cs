using System.Text;
using System.Text.Json;

namespace Warder.Cli.Tests.Policies;

public sealed class TestFileTests
{
    private const string Head = "policies: permit(principal, action, resource) when { context.x == context.y };\ntests:\n";
    private const string Uids = "principal: User::\"a\", action: Action::\"b\", resource: Photo::\"c\"";

    /// <summary>YAML values, and the JSON or Cedar values that they denote.</summary>
    [Theory]
    [InlineData("5", "{\"x\": 5}")]
    [InlineData("\"5\"", "{\"x\": \"5\"}")]
    [InlineData("'5'", "{\"x\": \"5\"}")]
    [InlineData("!!str 5", "{\"x\": \"5\"}")]
    [InlineData("+7", "{\"x\": 7}")]
    [InlineData("9223372036854775807", "{\"x\": 9223372036854775807}")]
    [InlineData("-9223372036854775808", "{\"x\": -9223372036854775808}")]
    [InlineData("9007199254740993", "{\"x\": 9007199254740993}")]
    [InlineData("True", "{\"x\": true}")]
    [InlineData("10.0.0.1", "{\"x\": \"10.0.0.1\"}")]
    [InlineData("2026-01-31", "{\"x\": \"2026-01-31\"}")]
    [InlineData("a b", "{\"x\": \"a b\"}")]
    [InlineData("-", "{\"x\": \"-\"}", "\"-\"")]
    [InlineData("[1, [a], {b: true}]", "{\"x\": [1, [\"a\"], {\"b\": true}]}")]
    [InlineData("!ip 10.0.0.0/8", "{\"x\": {\"__extn\": {\"fn\": \"ip\", \"arg\": \"10.0.0.0/8\"}}}")]
    [InlineData("!decimal 1.5", "{\"x\": {\"__extn\": {\"fn\": \"decimal\", \"arg\": \"1.5\"}}}")]
    [InlineData("{__extn: {fn: duration, arg: 1h}}", "{\"x\": {\"__extn\": {\"fn\": \"duration\", \"arg\": \"1h\"}}}")]
    [InlineData("!entity User::\"a\"", "{\"x\": {\"__entity\": {\"type\": \"User\", \"id\": \"a\"}}}")]
    [InlineData("\"\\\"\\\\\\n\\u00e9\\U0001F600\"", "{\"x\": \"\\\"\\\\\\n\u00e9\U0001F600\"}")]
    public async Task A_value_is_what_it_says(string yaml, string json, string? quoted = null)
    {
        // The same value through Cedar's own JSON.
        using var workspace = new Workspace(("a.cedar", "permit(principal, action, resource) when { principal.x == context.x };"));
        workspace.Write("entities.json", "[{\"uid\": {\"type\": \"User\", \"id\": \"a\"}, \"attrs\": " + json + ", \"parents\": []}]");
        workspace.Write(
            "t.yaml", "policies: a.cedar\nentities: entities.json\ntests:\n  - principal: User::\"a\"\n    action: Action::\"b\"\n"
            + $"    resource: Photo::\"c\"\n    expect: allow\n    context:\n      x: {quoted ?? yaml}\n");
        var run = await workspace.RunAsync("policy", "test", "t.yaml");
        Assert.Equal("1 passed, 0 failed, in 0 ms.\n", run.Out);
    }

    /// <summary>Faults of a test file, and their messages.</summary>
    [Theory]
    [InlineData("", "t.yaml:1:1: error [invalid_shape] this file is empty")]
    [InlineData("tests: [", "t.yaml:1:9: error [unexpected_token] this is not YAML: ")]
    [InlineData("a: 1\n---\nb: 2", "t.yaml:2:1: error [invalid_shape] one document is expected, and this is another")]
    [InlineData("[1]", "t.yaml:1:1: error [invalid_shape] a file of tests is expected, with the fields policies, ")]
    [InlineData("policys: a\n",
        "t.yaml:1:1: error [invalid_shape] a file of tests has no field `policys` (did you mean `policies`?)\npolicys: a\n^^^^^^^\n")]
    [InlineData("policies: a;", "t.yaml, line 1:1:")]
    [InlineData("policies: a.cedar", "t.yaml:1:11: error [invalid_shape] a.cedar cannot be read: ")]
    [InlineData("policies: [a, b/*.cedar]", "t.yaml:1:11: error [invalid_shape] b/*.cedar cannot be read: ")]
    [InlineData("policies: |\n  permit(principal, action, resorce);\ntests: []", "t.yaml:2:29: error [")]
    [InlineData(Head + "  - {name: a, " + Uids + ", expct: allow}",
        "t.yaml:3:80: error [invalid_shape] a test has no field `expct` (did you mean `expect`?)")]
    [InlineData(Head + "  - {" + Uids + "}", "t.yaml:3:6: error [invalid_shape] this has no `expect`")]
    [InlineData(Head + "  - {" + Uids + ", expect: yes}", "t.yaml:3:79: error [invalid_shape] `expect` is allow or deny")]
    [InlineData(Head + "  - {principal: User::a, action: Action::\"b\", resource: Photo::\"c\", expect: deny}",
        "t.yaml:3:17: error [invalid_shape] `User::a` is not an entity's name (it is written as in policies: User::\"alice\")")]
    [InlineData(Head + "  - {" + Uids + ", expect: deny, context: {x: 1.5}}",
        "t.yaml:3:98: error [invalid_shape] Cedar has no numbers but integers of 64 bits, and `1.5` looks like another")]
    [InlineData(Head + "  - {" + Uids + ", expect: deny, context: {x: 007}}", "t.yaml:3:98: error")]
    [InlineData(Head + "  - {" + Uids + ", expect: deny, context: {x: 0x10}}", "t.yaml:3:98: error")]
    [InlineData(Head + "  - {" + Uids + ", expect: deny, context: {x: 1_000}}", "t.yaml:3:98: error")]
    [InlineData(Head + "  - {" + Uids + ", expect: deny, context: {x: 1e3}}", "t.yaml:3:98: error")]
    [InlineData(Head + "  - {" + Uids + ", expect: deny, context: {x: off}}",
        "t.yaml:3:98: error [invalid_shape] `off` is text in YAML 1.2 and a boolean in YAML 1.1")]
    [InlineData(Head + "  - {" + Uids + ", expect: deny, context: {x: 9223372036854775808}}",
        "t.yaml:3:98: error [invalid_shape] Cedar has no numbers but integers of 64 bits")]
    [InlineData(Head + "  - {" + Uids + ", expect: deny, context: {x: }}", "t.yaml:3:98: error [invalid_shape] Cedar has no null")]
    [InlineData(Head + "  - {" + Uids + ", expect: deny, context: {a: 1, x: [2, !ip here]}}", "t.yaml:3:108: error [invalid_shape] ")]
    [InlineData(Head + "  - {" + Uids + ", expect: deny, context: {x: !ipp 1}}",
        "t.yaml:3:98: error [invalid_shape] `!ipp` is not a supported tag (did you mean `ip`?)")]
    [InlineData(Head + "  - {" + Uids + ", expect: deny, context: {x: 1, x: 2}}", "t.yaml:3:101: error [duplicate] `x` appears twice")]
    [InlineData("a: &all [1]\nb: *all", "t.yaml:1:4: error [invalid_shape] anchors and aliases are not supported (write it out)")]
    [InlineData("a: 1\n<<: {b: 1}", "t.yaml:2:1: error [invalid_shape] a name is expected")]
    [InlineData("policies: []\ntests: []\nentities: [{uid: User::\"a\", atrs: {}, parents: [Group]}]",
        "t.yaml:3:49: error [invalid_shape] `Group` is not an entity's name")]
    public async Task What_is_wrong_is_said_with_its_place(string yaml, string error)
    {
        using var workspace = new Workspace(("t.yaml", yaml));
        var run = await workspace.RunAsync("policy", "test", "t.yaml");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains(error, run.Out, StringComparison.Ordinal);
        Assert.EndsWith("0 passed, 0 failed, 1 file not read, in 0 ms.\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t.yaml", "")]
    [InlineData("t.yaml", "some.yaml")]
    [InlineData("some.yaml", "t.yaml")]
    public async Task A_file_without_tests_does_not_pass(string first, string second)
    {
        using var workspace = new Workspace(
            ("t.yaml", "policies: []\ntests: []\n"), ("some.yaml", Head + $"  - {{{Uids}, expect: deny, context: {{x: 1}}}}\n"));
        var run = await workspace.RunAsync([.. new[] { "policy", "test", first, second }.Where(part => part.Length > 0)]);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("t.yaml: the file has no tests.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_does_not_fit_the_schema_is_an_error_of_the_file()
    {
        using var workspace = new Workspace(
            ("t.yaml",
            "schema: |\n  entity User, Photo;\n  action b appliesTo { principal: User, resource: Photo, context: {x: Long} };\npolicies:"
                + " []\ntests:\n"
                + $"  - {{{Uids}, expect: deny, context: {{x: true}}}}\n  - {{principal: Photo::\"a\", action: Action::\"b\", resource:"
                + $" Photo::\"c\", context: {{x: 1}}, expect: deny}}\n"));
        var run = await workspace.RunAsync("policy", "test", "t.yaml");
        Assert.Contains("t.yaml:6:98: error [wrong_type]", run.Out, StringComparison.Ordinal);
        Assert.Contains("t.yaml:7:6: error [action_not_applicable]", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_difference_is_said_and_why_it_was_decided_so()
    {
        using var workspace = new Workspace(
            ("t.yaml", Head + $"  - {{name: one, {Uids}, expect: deny, reasons: [policy7], errors: [], context: {{x: 1, y: 1}}}}\n"
                + $"  - {{name: two, {Uids}, expect: deny, errors: [policy0], context: {{x: 1}}}}\n"
                + $"  - {{name: three, {Uids}, expect: deny, errors: [], context: {{x: 1}}}}\n"));
        var run = await workspace.RunAsync("policy", "test", "t.yaml");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Equal(
            """
            FAIL t.yaml:3 one
              expected deny, decided allow
              expected reasons policy7, found policy0
              policy0 permits it
                t.yaml, line 1:1:1
            FAIL t.yaml:5 three
              expected errors none, found policy0
              policy0 failed, and is left out: the record has no attribute `y`
                t.yaml, line 1:1:57
                permit(principal, action, resource) when { context.x == context.y };
                                                                        ^^^^^^^^^
            1 passed, 2 failed, in 0 ms.

            """,
            run.Out);
    }

    [Fact]
    public async Task Links_of_templates_are_tested()
    {
        using var workspace = new Workspace(
            ("a.cedar", "@id(\"t\") permit(principal == ?principal, action, resource);"),
            ("t.yaml",
            $"policies: [a.cedar]\nlinks: [{{template: t, id: mine, principal: User::\"a\"}}]\ntests: [{{{Uids}, expect: allow, reasons:"
                + $" [mine]}}]"));
        Assert.Equal(ExitCode.Ok, (await workspace.RunAsync("policy", "test", "t.yaml")).Code);
        workspace.Write("t.yaml", "policies: [a.cedar]\nlinks: [{template: s, id: mine}]\ntests: []");
        Assert.Contains(
            "mine: error [unknown_name] there is no template with the id `s`", (await workspace.RunAsync("policy", "test", "t.yaml")).Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paths_are_relative_to_the_file_and_one_bad_file_does_not_stop_the_others()
    {
        using var workspace = new Workspace(
            ("deep/a.cedar", "permit(principal, action, resource);"),
            ("deep/t.yaml", $"policies: a.cedar\ntests: [{{{Uids}, expect: allow}}]"), ("bad.yaml", "x"));
        var run = await workspace.RunAsync("policy", "test", "bad.yaml", "deep/t.yaml", "--verbose");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.EndsWith(
            "pass deep/t.yaml:2 User::\"a\" Action::\"b\" Photo::\"c\"\n1 passed, 0 failed, 1 file not read, in 0 ms.\n", run.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_fits_no_test_is_exit_code_2()
    {
        using var workspace = new Workspace(("t.yaml", Head + $"  - {{name: one, {Uids}, expect: deny}}\n"));
        Assert.Equal(ExitCode.Ok, (await workspace.RunAsync("policy", "test", "t.yaml", "--filter", "ONE")).Code);
        Assert.Equal(ExitCode.Usage, (await workspace.RunAsync("policy", "test", "t.yaml", "--filter", "two")).Code);
    }

    [Fact]
    public async Task Programs_get_all_of_it()
    {
        using var workspace = new Workspace(("t.yaml", Head + $"  - {{name: one, {Uids}, expect: allow, context: {{x: 1}}}}\n"));
        using var json = JsonDocument.Parse((await workspace.RunAsync("policy", "test", "t.yaml", "--json")).Out);
        var test = json.RootElement.GetProperty("files")[0].GetProperty("tests")[0];
        Assert.Equal((0, 1), (json.RootElement.GetProperty("passed").GetInt32(), json.RootElement.GetProperty("failed").GetInt32()));
        Assert.Equal(
            ("one", 3, false, "allow", "deny", "attribute_missing"),
            (test.GetProperty("name").GetString(), test.GetProperty("line").GetInt32(), test.GetProperty("passed").GetBoolean(),
            test.GetProperty("expected").GetString(),
                test.GetProperty("decision").GetString(), test.GetProperty("errors")[0].GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a: ", 100_000)]
    [InlineData("- ", 100_000)]
    [InlineData("a: &a [*a]\n", 1)]
    [InlineData("[],", 1_200_000, "[", "]")]
    public async Task A_file_that_is_nested_deep_or_large_is_refused(string piece, int times, string before = "", string behind = "")
    {
        var text = new StringBuilder(before).Insert(before.Length, piece, times).Append(behind).ToString();
        using var workspace = new Workspace(("t.yaml", text));
        var run = await workspace.RunAsync("policy", "test", "t.yaml");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("t.yaml:1:", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_file_however_broken_makes_anything_throw()
    {
        var whole = Head
            + $"  - {{name: \"o\\u00e9\", {Uids}, expect: allow, reasons: [a], context: {{x: !ip 1, y: [1, {{__extn: 1}}]}}}}\n  - |\n   "
            + $" a\n  - >-\n    b\n  # c\n";
        const string Pieces = "[]{}:,-!&*|>'\"%@`#?\t\n \\\0\u0085\uFEFFé~<x0";
        var random = new Random(1);
        using var workspace = new Workspace();
        for (var i = 0; i < 3_000; i++)
        {
            var text = new StringBuilder(whole);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                var at = random.Next(text.Length);
                if (random.Next(2) == 0)
                    text.Remove(at, random.Next(1, Math.Min(10, text.Length - at)));
                else
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
            }

            workspace.Write("t.yaml", text.ToString());
            Assert.InRange((await workspace.RunAsync("policy", "test", "t.yaml")).Code, ExitCode.Ok, ExitCode.Refused);
        }
    }
}
