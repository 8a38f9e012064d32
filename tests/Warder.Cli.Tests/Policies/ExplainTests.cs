using System.Globalization;
using System.Text.Json;

namespace Warder.Cli.Tests.Policies;

public sealed class ExplainTests
{
    private static readonly string[] Request = ["--principal", "User::\"a\"", "--action", "Action::\"b\"", "--resource", "Photo::\"c\""];

    [Fact]
    public async Task An_allowed_request_is_exit_code_0_and_a_denied_one_1()
    {
        using var workspace = new Workspace(
            ("a.cedar", "permit(principal, action, resource) unless { context.no };"), ("context.json", "{\"no\": true}"));
        Assert.Equal(ExitCode.Ok, (await ExplainAsync(workspace, "--context", "{\"no\": false}")).Code);
        Assert.Equal(ExitCode.Refused, (await ExplainAsync(workspace, "--context", "context.json")).Code);
    }

    [Fact]
    public async Task What_is_out_of_scope_is_counted_and_named_when_all_is_wanted()
    {
        var others = string.Join(
            '\n',
            Enumerable.Range(0, 100).Select(
                i => string.Create(CultureInfo.InvariantCulture, $"permit(principal == User::\"{i}\", action, resource);")));
        using var workspace = new Workspace(("a.cedar", others + "\npermit(principal == User::\"a\", action, resource is Album);"));
        var run = await ExplainAsync(workspace);
        Assert.Contains(
            "The index led to 1 of 101 policies. Out of scope:\n  another principal: policy0, ", run.Out, StringComparison.Ordinal);
        Assert.Contains("policy9 and 90 more (--all)\n  another resource: policy100\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("policy99\n", (await ExplainAsync(workspace, "--all")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_policies_those_are_shown_that_did_something_and_all_when_all_are_wanted()
    {
        var others = string.Concat(Enumerable.Repeat("permit(principal, action, resource) when { false };\n", 60));
        using var workspace = new Workspace(("a.cedar", others + "permit(principal, action, resource);"));
        var run = await ExplainAsync(workspace);
        Assert.StartsWith("allow: policy60 permits it.\n\npolicy60 permits it\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("\nand 36 more (warder policy explain --all)\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("\npolicy59 ", (await ExplainAsync(workspace, "--all")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_all_of_it()
    {
        using var workspace = new Workspace(
            ("a.cedar",
            "permit(principal, action, resource) when { context.level > 3 };\nforbid(principal in Group::\"g\", action, resource);"));
        using var json = JsonDocument.Parse((await ExplainAsync(workspace, "--context", "{\"level\": 2}", "--json")).Out);
        var policy = json.RootElement.GetProperty("policies")[0];
        Assert.Equal("deny", json.RootElement.GetProperty("decision").GetString());
        Assert.Equal(
            ("policy0", "permit", "condition_not_met", true, "when", "context.level > 3", "false", 44),
            (policy.GetProperty("id").GetString(), policy.GetProperty("effect").GetString(), policy.GetProperty("outcome").GetString(),
            policy.GetProperty("candidate").GetBoolean(),
                policy.GetProperty("condition").GetString(), policy.GetProperty("expression").GetString(),
                policy.GetProperty("value").GetString(), policy.GetProperty("column").GetInt32()));
        Assert.Equal("""[{"expression":"context.level","value":"2"}]""", policy.GetProperty("values").GetRawText());
        Assert.Equal("""["principal"]""", json.RootElement.GetProperty("policies")[1].GetProperty("mismatches").GetRawText());
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_on_the_error_stream()
    {
        using var workspace = new Workspace(
            ("a.cedar", "permit(principal, action, resource);"),
            ("s.cedarschema", "entity User, Photo; action b appliesTo { principal: User, resource: User };"));
        var context = await ExplainAsync(workspace, "--context", "{\"level\": }");
        Assert.Equal((ExitCode.Refused, ""), (context.Code, context.Out));
        Assert.StartsWith("--context:1:11: error [invalid_json]", context.Error, StringComparison.Ordinal);
        var request = await ExplainAsync(workspace, "--schema", "s.cedarschema");
        Assert.Equal((ExitCode.Refused, ""), (request.Code, request.Out));
        Assert.Contains("error [action_not_applicable]", request.Error, StringComparison.Ordinal);
    }

    private static Task<Run> ExplainAsync(Workspace workspace, params string[] args)
        => workspace.RunAsync(["policy", "explain", "--policies", "a.cedar", .. Request, .. args]);
}
