using Warder.Client.Tests;
using static Warder.Client.Tests.Wire;

namespace Warder.Cli.Tests;

public sealed class RequestTests
{
    [Theory]
    [InlineData("--name", "b", """{"name":"b"}""")]
    [InlineData("--purpose", "", """{"purpose":null}""")]
    [InlineData("--responsible", "", """{"responsible_user_id":null}""")]
    [InlineData("--permission", "posts:read", """{"permissions":["posts:read"]}""")]
    [InlineData("--expires-at", "never", """{"expires_at":null}""")]
    [InlineData("--expires-at", "90d", """{"expires_at":"2026-04-15T12:00:00.000Z"}""")]
    [InlineData("--expires-at", "2027-01-01", """{"expires_at":"2027-01-01T00:00:00.000Z"}""")]
    [InlineData("--expires-at", "2027-01-01T02:00:00+02:00", """{"expires_at":"2027-01-01T00:00:00.000Z"}""")]
    public async Task An_update_sends_what_was_named_and_nothing_else(string option, string value, string body)
    {
        await using var wire = await ServeAsync(200, Samples.Key());
        Assert.Equal(ExitCode.Ok, (await Run.AgainstAsync(wire, "keys", "update", "api_key_1", option, value)).Code);
        Assert.Equal(("PATCH", body), (wire.Requests.Single().Method, wire.Requests.Single().Body));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"expires_at":null}""", "--at", "never")]
    [InlineData("""{"expires_at":"2026-01-15T12:30:00.000Z"}""", "--at", "30m")]
    public async Task Expiring_now_at_a_time_and_never_are_told_apart(string body, params string[] options)
    {
        await using var wire = await ServeAsync(200, Samples.Key());
        await Run.AgainstAsync(wire, ["keys", "expire", "api_key_1", .. options]);
        Assert.Equal(body, wire.Requests.Single().Body);
    }

    [Fact]
    public async Task A_users_key_is_issued_in_the_organization()
    {
        await using var wire = await ServeAsync(201, Samples.Key(value: Samples.Secret));
        await Run.AgainstAsync(
            wire, "keys", "create", "--org", "org_1", "--user", "user_1", "--name", "laptop", "--permission", "a", "--permission", "b",
            "--expires-at", "12h");
        var request = wire.Requests.Single();
        Assert.Equal("/user_management/users/user_1/api_keys", request.Target);
        Assert.Equal(
            """{"name":"laptop","organization_id":"org_1","permissions":["a","b"],"expires_at":"2026-01-16T00:00:00.000Z"}""",
            request.Body);
    }

    [Fact]
    public async Task A_validation_says_which_event_its_answer_must_include()
    {
        await using var wire = await ServeAsync(200, """{"api_key":null,"decision":{"allow":false,"code":"revoked"}}""");
        Assert.Equal(
            ExitCode.Refused,
            (await Run.AgainstAsync(wire, Samples.Secret, isTerminal: false, "keys", "validate", "--at-least", "3000000000")).Code);
        Assert.Contains(""","at_least":3000000000}""", wire.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Distances_of_unused_since_count_back()
    {
        await using var wire = await ServeAsync(200, Samples.Page(null));
        await Run.AgainstAsync(wire, "keys", "list", "--unused-since", "1d", "--expires-before", "1d");
        Assert.Equal(
            "/api_keys?expires_before=2026-01-16T12%3A00%3A00.000Z&unused_since=2026-01-14T12%3A00%3A00.000Z",
            wire.Requests.Single().Target);
    }

    [Fact]
    public async Task Emptying_a_role_has_to_be_said()
    {
        await using var wire = await ServeAsync(422, "{}");
        await Run.AgainstAsync(wire, "roles", "set-permissions", "member", "--none");
        Assert.Equal("""{"permissions":[]}""", wire.Requests.Single().Body);
    }
}
