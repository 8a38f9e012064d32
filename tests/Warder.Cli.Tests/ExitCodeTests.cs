using Warder.Client.Tests;
using static Warder.Client.Tests.Wire;

namespace Warder.Cli.Tests;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(400, "invalid_json", ExitCode.Refused)]
    [InlineData(401, "unauthorized", ExitCode.NotAuthorized)]
    [InlineData(403, "insufficient_rights", ExitCode.NotAuthorized)]
    [InlineData(404, "entity_not_found", ExitCode.NotFound)]
    [InlineData(409, "api_key_ended", ExitCode.Refused)]
    [InlineData(422, "too_long", ExitCode.Refused)]
    [InlineData(500, "internal_error", ExitCode.Unavailable)]
    [InlineData(503, "outcome_unknown", ExitCode.Unavailable)]
    public async Task Each_kind_of_no_has_its_exit_code(int status, string code, int expected)
    {
        await using var wire = await ServeAsync(status, $$"""{"message":"No.","code":"{{code}}","request_id":"req_7"}""");
        var run = await Run.AgainstAsync(wire, "keys", "revoke", "api_key_1");
        Assert.Equal(expected, run.Code);
        Assert.StartsWith($"warder: No. ({code}, request req_7)\n", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task A_refused_field_is_named_with_what_would_be_right()
    {
        await using var wire = await ServeAsync(422, """
            {"message":"Not valid.","code":"too_long",
            "errors":[{"field":"name","code":"too_long","message":"At most 200 characters."}],"request_id":"req_7"}
            """);
        var run = await Run.AgainstAsync(wire, "keys", "update", "api_key_1", "--name", "x");
        Assert.Contains("  name: At most 200 characters. (too_long)\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_exit_code_5_and_says_how_to_start_one()
    {
        var wire = await ServeAsync(200, "");
        var url = wire.Address.AbsoluteUri;
        await wire.DisposeAsync();
        var run = await Run.OfAsync([], "", isTerminal: false, "health", "--url", url);
        Assert.Equal(ExitCode.Unavailable, run.Code);
        Assert.Contains("warder serve", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("keys", "frobnicate")]
    [InlineData("keys", "show")]
    [InlineData("keys", "show", "..")]
    [InlineData("keys", "create", "--name", "a")]
    [InlineData("keys", "list", "--limit", "many")]
    [InlineData("keys", "list", "--status", "dead")]
    [InlineData("keys", "list", "--before", "a", "--after", "b")]
    [InlineData("keys", "update", "api_key_1")]
    [InlineData("keys", "update", "api_key_1", "--no-permissions", "--permission", "a")]
    [InlineData("keys", "expire", "api_key_1", "--at", "soon")]
    [InlineData("keys", "expire", "api_key_1", "--at", "1d", "--dry-run")]
    [InlineData("keys", "create", "--org", "org_1", "--name", "a", "--idempotency-key", "a b")]
    [InlineData("keys", "validate", "--value-file", "-", "--key-file", "-")]
    [InlineData("keys", "validate", "--value-file", "/no/such/file")]
    [InlineData("keys", "validate", "wdr_live_secret")]
    [InlineData("organizations", "show")]
    [InlineData("organizations", "create", "--name", "a", "--metadata", "b")]
    [InlineData("roles", "set-permissions", "editor")]
    [InlineData("events", "list", "--follow", "--order", "desc")]
    [InlineData("serve", "--tls-cert", "a.pem")]
    [InlineData("serve", "--listen", "7070")]
    [InlineData("keys", "list", "--url", "localhost")]
    public async Task A_wrong_command_line_is_exit_code_2_and_sends_nothing(params string[] args)
    {
        await using var wire = await ServeAsync(200, Samples.Key());
        var run = await Run.AgainstAsync(wire, args);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
        Assert.Empty(wire.Requests);
    }
}
