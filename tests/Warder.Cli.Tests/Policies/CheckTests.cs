using System.Text.Json;

namespace Warder.Cli.Tests.Policies;

public sealed class CheckTests
{
    private const string Schema = "entity User; entity Photo { owner: User }; action view appliesTo { principal: User, resource: Photo };";

    [Fact]
    public async Task Everything_that_is_wrong_is_said_with_its_place_in_its_file()
    {
        using var workspace = new Workspace(
            ("a/one.cedar", "permit(principal, action, resource)\n  when { resource.ownr == principal };"),
            ("a/b/two.cedar", "permit(principal, action, resource)"),
            ("schema.json", "{\"\": {\"entityTypes\": {\"User\": {}}, \"actoins\": {}}}"),
            ("entities.json", "[{\"uid\": {\"type\": \"User\", \"id\": \"alice\"}}]"));
        var run = await workspace.RunAsync("policy", "check", "a", "--schema", "schema.json");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("a/b/two.cedar:1:36: error [", run.Out, StringComparison.Ordinal);
        Assert.Contains("schema.json:1:", run.Out, StringComparison.Ordinal);
        Assert.Contains("did you mean `actions`?", run.Out, StringComparison.Ordinal);

        // Checked against an unreadable schema, all of them would fail.
        run = await workspace.RunAsync("policy", "check", "--schema", "schema.json", "--entities", "entities.json");
        Assert.DoesNotContain("entities.json", run.Out, StringComparison.Ordinal);
        run = await workspace.RunAsync("policy", "check", "--entities", "entities.json");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("entities.json:1:2:[0]: error [invalid_shape]", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_is_shown_and_is_no_error()
    {
        using var workspace = new Workspace(
            ("a.cedar", "permit(principal, action, resource) when { true && false };"), ("a.cedarschema", Schema));
        var run = await workspace.RunAsync("policy", "check", "a.cedar", "--schema", "a.cedarschema");
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.StartsWith("a.cedar:1:1: warning [", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("\n1 policy, 0 errors, 1 warning.\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_level_is_measured()
    {
        using var workspace = new Workspace(
            ("a.cedar", "permit(principal, action, resource) when { resource.owner == principal };"), ("a.cedarschema", Schema));
        Assert.Equal(
            ExitCode.Refused, (await workspace.RunAsync("policy", "check", "a.cedar", "--schema", "a.cedarschema", "--level", "0")).Code);
        Assert.Equal(
            ExitCode.Ok, (await workspace.RunAsync("policy", "check", "a.cedar", "--schema", "a.cedarschema", "--level", "1")).Code);
    }

    [Fact]
    public async Task Policies_are_counted_through_the_files_of_directories_and_patterns_and_named_by_annotation()
    {
        const string Two = "permit(principal == ?principal, action, resource);\npermit(principal, action, resource);";
        using var workspace = new Workspace(
            ("all/b.cedar", Two), ("all/a.cedar", "@id(\"named\") permit(principal, action, resource);"), ("all/deep/c.cedar", Two),
            ("all/deep/notes.txt", "no policy"));
        foreach (var path in new[] { "all", "all/**/*.cedar" })
        {
            var run = await workspace.RunAsync(
                "policy", "explain", "--policies", path, "--principal", "User::\"a\"", "--action", "Action::\"b\"", "--resource",
                "Photo::\"c\"");
            Assert.StartsWith("allow: named, policy2, policy4 permit it.\n", run.Out, StringComparison.Ordinal);
        }

        Assert.Equal("1 policy, 0 errors, 0 warnings.\n", (await workspace.RunAsync("policy", "check", "all/a*.cedar")).Out);
        var twice = await workspace.RunAsync("policy", "check", "all", "all/a.cedar");
        Assert.Contains(
            "all/a.cedar:1:1: error [duplicate] there is another policy or template with the id `named`", twice.Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_JSON_is_read_one_policy_or_a_set_with_links()
    {
        const string Any = "\"action\": {\"op\": \"All\"}, \"resource\": {\"op\": \"All\"}, \"conditions\": []";
        using var workspace = new Workspace(
            ("one.json", "{\"effect\": \"permit\", \"principal\": {\"op\": \"All\"}, " + Any + "}"),
            ("set.json",
            "{\"templates\": {\"t\": {\"effect\": \"forbid\", \"principal\": {\"op\": \"==\", \"slot\": \"?principal\"}, " + Any + "}}, "
                + "\"templateLinks\": [{\"templateId\": \"t\", \"newId\": \"linked\", \"values\": {\"?principal\": {\"type\": \"User\","
                + " \"id\": \"a\"}}}]}"));
        var run = await workspace.RunAsync(
            "policy", "explain", "--policies", "one.json", "set.json", "--principal", "User::\"a\"", "--action", "Action::\"b\"",
            "--resource", "Photo::\"c\"");
        Assert.StartsWith("deny: linked forbids it.\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("policy0 permits it\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_all_parts_of_what_is_wrong()
    {
        using var workspace = new Workspace(
            ("a.cedar", "@id(\"mine\")\npermit(principal, action, resource) when { resource.ownr == principal };"),
            ("a.cedarschema", Schema));
        var run = await workspace.RunAsync("policy", "check", "a.cedar", "--schema", "a.cedarschema", "--json");
        using var json = JsonDocument.Parse(run.Out);
        Assert.False(json.RootElement.GetProperty("valid").GetBoolean());
        var error = Assert.Single(json.RootElement.GetProperty("errors").EnumerateArray());
        Assert.Equal(
            ("error", "unknown_attribute", "a.cedar", 2, 44, "mine", "did you mean `owner`?"),
            (error.GetProperty("severity").GetString(), error.GetProperty("code").GetString(), error.GetProperty("file").GetString(),
            error.GetProperty("line").GetInt32(),
                error.GetProperty("column").GetInt32(), error.GetProperty("policy_id").GetString(), error.GetProperty("help").GetString()));
    }

    [Fact]
    public async Task A_policy_cannot_drive_the_terminal()
    {
        using var workspace = new Workspace(("a.cedar", "permit(principal, action, resource) when { \u001b[2J\u202e };"));
        var run = await workspace.RunAsync("policy", "check", "a.cedar");
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.DoesNotContain('\u202e', run.Out);
    }

    [Theory]
    [InlineData("policy", "check")]
    [InlineData("policy", "check", "nowhere.cedar")]
    [InlineData("policy", "check", "nowhere/*.cedar")]
    [InlineData("policy", "check", "empty")]
    [InlineData("policy", "check", "latin.cedar")]
    [InlineData("policy", "check", "latin.cedar", "--level", "1")]
    [InlineData("policy", "test", "nowhere.yaml")]
    [InlineData("policy", "explain", "--policies", "nowhere.cedar", "--principal", "User::\"a\"", "--action", "Action::\"b\"", "--resource",
        "Photo::\"c\"")]
    [InlineData("policy", "explain", "--policies", "a.cedar", "--principal", "User::a", "--action", "Action::\"b\"", "--resource",
        "Photo::\"c\"")]
    public async Task A_wrong_command_line_is_exit_code_2_and_prints_nothing(params string[] args)
    {
        using var workspace = new Workspace(("a.cedar", ""), ("empty/readme", ""));
        File.WriteAllBytes(Path.Combine(workspace.Folder, "latin.cedar"), [0xE9]);
        var run = await workspace.RunAsync(args);
        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out));
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
    }
}
