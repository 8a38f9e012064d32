using System.Text;
using System.Text.Json;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client.Tests;
using static Warder.Client.Tests.Wire;

namespace Warder.Cli.Tests;

public sealed class MessageTests
{
    private const string Invalid = """
        {"message":"name: At most 200 characters.","code":"too_long",
        "errors":[{"field":"name","code":"too_long","message":"At most 200 characters."}],"request_id":"req_7"}
        """;

    [Theory]
    [InlineData("keys", "validate", "SECRET")]
    [InlineData("keys", "SECRET")]
    [InlineData("SECRET")]
    [InlineData("keys", "list", "--status", "SECRET")]
    [InlineData("keys", "list", "--limit", "SECRET")]
    [InlineData("keys", "list", "--SECRET")]
    [InlineData("keys", "list", "--key-file", "SECRET")]
    [InlineData("keys", "list", "--url", "SECRET")]
    [InlineData("keys", "create", "--org", "o", "--name", "n", "--expires-at", "SECRET")]
    public async Task A_secret_that_is_given_as_an_argument_is_in_no_message(params string[] args)
    {
        string[] secrets =
            [Samples.Secret, "wdrm_0123456789abcdefghijABCDEFGHIJ", "ghp_abcdefghij0123456789ABCDEFGHIJ012345"];
        foreach (var secret in secrets)
        {
            foreach (string[] json in (string[][])[[], ["--json"]])
            {
                var given = args.Select(arg => arg.Replace("SECRET", secret, StringComparison.Ordinal));
                var run = await Run.OfAsync([], "", isTerminal: true, [.. given, .. json]);
                Assert.Equal(ExitCode.Usage, run.Code);
                Assert.DoesNotContain(secret, run.Out + run.Error, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Ids_and_paths_are_no_secrets()
    {
        const string Text = "api_key_01ARZ3NDEKTSV4RRFFQ69G5FAV: /var/lib/warder-0123456789abcdef/key, --expires-at 2026-12-31T18:00:00Z";
        Assert.Equal(Text, Redaction.Of(Text));
    }

    [Fact]
    public async Task The_possible_values_are_on_one_line_without_escapes()
    {
        var run = await Run.OfAsync([], "", isTerminal: true, "keys", "list", "--status", "dead");
        Assert.DoesNotContain("\\u00", run.Error, StringComparison.Ordinal);
        Assert.Contains("active", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Error.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task An_invalid_field_is_named_once()
    {
        await using var wire = await ServeAsync(422, Invalid);
        var run = await Run.AgainstAsync(wire, "keys", "update", "api_key_1", "--name", "x");
        Assert.Equal(2, run.Error.Split("At most 200 characters.").Length);
    }

    [Fact]
    public async Task In_JSON_an_error_is_an_object_on_standard_error()
    {
        await using var wire = await ServeAsync(422, Invalid);
        var run = await Run.AgainstAsync(wire, "keys", "update", "api_key_1", "--name", "x", "--json");
        var error = JsonDocument.Parse(run.Error).RootElement;
        Assert.Empty(run.Out);
        Assert.Equal("too_long", error.GetProperty("code").GetString());
        Assert.Equal("req_7", error.GetProperty("request_id").GetString());
        Assert.Equal("name", error.GetProperty("errors")[0].GetProperty("field").GetString());

        var usage = await Run.OfAsync([], "", isTerminal: false, "keys", "list", "--status", "dead", "--json");
        Assert.Equal("usage", JsonDocument.Parse(usage.Error).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task No_key_and_a_wrong_key_are_different_messages()
    {
        await using var wire = await ServeAsync(401, """{"message":"Unauthorized","code":"unauthorized","request_id":"req_1"}""");
        var none = await Run.OfAsync(new() { ["WARDER_URL"] = wire.Address.AbsoluteUri }, "", isTerminal: false, "keys", "list");
        Assert.Contains("No management key was found.", none.Error, StringComparison.Ordinal);
        var wrong = await Run.AgainstAsync(wire, "keys", "list");
        Assert.Contains("is not accepted", wrong.Error, StringComparison.Ordinal);
        Assert.Equal([ExitCode.NotAuthorized, ExitCode.NotAuthorized], [none.Code, wrong.Code]);
    }

    [Theory]
    [InlineData("keys", "kesy", "list")]
    [InlineData("revoke", "keys", "revok", "api_key_1")]
    [InlineData("--status", "keys", "list", "--statsu", "active")]
    [InlineData("organizations", "organisations", "list")]
    public async Task A_misspelt_word_gets_the_one_that_was_meant(string meant, params string[] args)
    {
        var run = await Run.OfAsync([], "", isTerminal: false, args);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains($"Did you mean {meant}?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_arguments_the_help_is_shown()
    {
        var run = await Run.OfAsync([], "", isTerminal: false);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("warder serve --data ./data", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_is_not_part_of_a_secret()
    {
        await using var wire = await ServeAsync(200, Samples.Allowed);
        await Run.AgainstAsync(wire, $"\uFEFF{Samples.Secret}\r\n", isTerminal: false, "keys", "validate");
        Assert.Equal($$"""{"value":"{{Samples.Secret}}"}""", wire.Requests.Single().Body);
    }

    [Fact]
    public void A_pasted_secret_is_read_without_an_echo()
    {
        var shell = new Shell
        {
            Out = TextWriter.Null, Error = TextWriter.Null, In = new MemoryStream(Encoding.UTF8.GetBytes("shown\n")), IsInTerminal = true,
            ReadHidden = _ => "hidden", Directory = "/", Variable = _ => null, Now = () => Run.Now,
        };
        Assert.Equal("hidden", SecretSource.Read(shell, "-").Reveal());
    }

    [Theory]
    [InlineData("never", "null")]
    [InlineData("1mo", "2026-02-15")]
    [InlineData("1y", "2027-01-15")]
    public async Task An_expiry_is_never_or_by_the_calendar(string text, string expected)
    {
        await using var wire = await ServeAsync(201, Samples.Key(value: Samples.Secret));
        await Run.AgainstAsync(wire, "keys", "create", "--org", "org_1", "--name", "a", "--expires-at", text);
        var body = JsonDocument.Parse(wire.Requests.Single().Body).RootElement;
        var sent = body.TryGetProperty("expires_at", out var at) && at.ValueKind == JsonValueKind.String ? at.GetString()! : "null";
        Assert.StartsWith(expected, sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_listed_newest_first()
    {
        await using var wire = await ServeAsync(200, """{"object":"list","data":[],"list_metadata":{"before":null,"after":null}}""");
        await Run.AgainstAsync(wire, "events", "list");
        Assert.Contains("order=desc", wire.Requests.Single().Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_said_plainly()
    {
        var run = await Run.OfAsync([], "", isTerminal: false, "health", "--url", "https://warder.invalid");
        Assert.Equal(ExitCode.Unavailable, run.Code);
        Assert.Contains("its name cannot be resolved", run.Error, StringComparison.Ordinal);
    }
}
