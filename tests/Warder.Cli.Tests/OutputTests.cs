using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Cli.Output;
using Warder.Client.Tests;
using static Warder.Client.Tests.Wire;

namespace Warder.Cli.Tests;

public sealed class OutputTests
{
    [Fact]
    public async Task Json_is_the_answer_byte_for_byte()
    {
        const string Body = """{"object":"list",  "data":[],"list_metadata":{"before":null,"after":null},"of_the_future":"é\u00e9"}""";
        await using var wire = await ServeAsync(200, Body);
        Assert.Equal(Body + "\n", (await Run.AgainstAsync(wire, "keys", "list", "--json")).Out);
    }

    [Fact]
    public async Task A_list_for_programs_has_a_line_an_object_and_tabs()
    {
        await using var wire = await ServeAsync(200, Samples.Page("api_key_2", "api_key_1", "api_key_2"));
        var run = await Run.AgainstAsync(wire, "keys", "list");
        var lines = run.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("id\tname\tstatus\t", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("api_key_1\tProduction\tactive\t", lines[1], StringComparison.Ordinal);
        Assert.Contains("--after api_key_2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_pages_make_one_list()
    {
        await using var wire = await ServeAsync((count, context) => JsonAsync(
            context, 200, count == 1 ? Samples.Page("b", "a", "b") : Samples.Page(null, "c")));
        var run = await Run.AgainstAsync(wire, "keys", "list", "--all");
        Assert.Equal(4, run.Out.TrimEnd('\n').Split('\n').Length);
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_name_cannot_drive_the_terminal(bool isTerminal)
    {
        await using var wire = await ServeAsync(
            200, Samples.Key().Replace("Production", "\\u001b[2J\\u202eevil\\n", StringComparison.Ordinal));
        var run = await Run.AgainstAsync(wire, "", isTerminal, "keys", "show", "api_key_1");
        Assert.DoesNotContain("\u001b[2J", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', run.Out);
        Assert.Contains("evil", run.Out, StringComparison.Ordinal);
    }

    public static TheoryData<string> Hostile =>
    [
        "\u001b[2J", "\u0007", "\u0085", "\u009b31m", "\u007f", "\u200b", "\u200d", "\u200e", "\u202e", "\u2066", "\u2028", "\u2029",
        "\ufeff", "\u2060", "\u00ad",
        "\u061c", "\u3164", "\U000E0041", "\U000E0001",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task JSON_on_a_terminal_escapes_what_acts_upon_it_and_is_the_same_JSON_elsewhere(string hostile)
    {
        // In the server's encoding: JSON must escape controls, and need not escape the other characters.
        var raw = hostile[0] < ' ' ? JsonSerializer.Serialize(hostile)[1..^1] : hostile;
        var body = Samples.Key().Replace("Production", $"a{raw}b", StringComparison.Ordinal);
        await using var wire = await ServeAsync(200, body);
        var piped = await Run.AgainstAsync(wire, "", isTerminal: false, "keys", "show", "api_key_1", "--json");
        Assert.Equal(body + Environment.NewLine, piped.Out);
        var shown = await Run.AgainstAsync(wire, "", isTerminal: true, "keys", "show", "api_key_1", "--json");
        Assert.Equal(ExitCode.Ok, shown.Code);
        Assert.DoesNotContain(hostile, shown.Out, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(shown.Out)));

        var table = await Run.AgainstAsync(wire, "", isTerminal: true, "keys", "show", "api_key_1");
        Assert.DoesNotContain($"a{hostile}", table.Out, StringComparison.Ordinal);
        Assert.Contains($"a\\u{(int)hostile[0]:X4}", table.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_shown_as_an_escape_and_ordinary_text_as_it_is()
    {
        Assert.Equal("a\\uD800b", Printable.From("a\ud800b"));
        Assert.Equal("\\uDC00", Printable.From("\udc00"));
        Assert.Equal("Zoë 東京 👩 العربية", Printable.From("Zoë 東京 👩 العربية"));
        Assert.Equal("{\n\t\"a\": 1\n}", Printable.Json("{\n\t\"a\": 1\n}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_secret_is_shown_once_whole_and_only_on_standard_output(bool isTerminal)
    {
        await using var wire = await ServeAsync(201, Samples.Key(value: Samples.Secret));
        var run = await Run.AgainstAsync(wire, "", isTerminal, "keys", "create", "--org", "org_1", "--name", "Production");
        Assert.Equal(2, run.Out.Split(Samples.Secret).Length);
        Assert.DoesNotContain(Samples.Secret, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_end()
    {
        await using var wire = await ServeAsync(200, $$"""{"object":"dry_run","api_keys_ended":250,"api_keys":[{{Samples.Key()}}]}""");
        var run = await Run.AgainstAsync(wire, "orgs", "delete", "org_1", "--dry-run");
        Assert.Equal("/organizations/org_1?dry_run=true", wire.Requests.Single().Target);
        Assert.Contains("api_key_1", run.Out, StringComparison.Ordinal);
        Assert.Contains("250 API key(s) would end", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_a_body_is_a_sentence_and_in_JSON_nothing()
    {
        await using var wire = await ServeAsync(204, "");
        Assert.Equal("Deleted api_key_1.\n", (await Run.AgainstAsync(wire, "keys", "delete", "api_key_1")).Out);
        Assert.Empty((await Run.AgainstAsync(wire, "keys", "delete", "api_key_1", "--json")).Out);
    }
}
