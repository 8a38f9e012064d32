using Microsoft.AspNetCore.Http;
using Warder.Contracts.Keys;
using Warder.Core.Secrets;
using static Warder.Client.Tests.Wire;

namespace Warder.Client.Tests.Transport;

public sealed class RetryTests
{
    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_read_is_repeated_when_the_server_asks_for_patience(int status)
    {
        await using var wire = await ServeAsync((count, context) => count < 3
            ? JsonAsync(context, status, Samples.Unavailable)
            : JsonAsync(context, 200, Samples.Key()));
        Assert.Equal("api_key_1", (await wire.Client().Keys.GetAsync("api_key_1")).Id);
        Assert.Equal(3, wire.Requests.Count);
    }

    [Fact]
    public async Task A_read_is_repeated_when_the_connection_is_lost()
    {
        await using var wire = await ServeAsync((count, context) => LoseFirst(count, context, Samples.Key()));
        Assert.Equal("api_key_1", (await wire.Client().Keys.GetAsync("api_key_1")).Id);
        Assert.Equal(2, wire.Requests.Count);
    }

    [Fact]
    public async Task A_creation_is_repeated_with_the_same_idempotency_key_and_the_same_body()
    {
        await using var wire = await ServeAsync((count, context) => LoseFirst(count, context, Samples.Key(value: Samples.Secret), 201));
        var issued = await wire.Client().Keys.IssueForOrganizationAsync("org_1", new IssueKeyRequest { Name = "Production" });
        Assert.Equal(Samples.Secret, issued.Value.Reveal());
        var requests = wire.Requests.ToArray();
        Assert.Equal(2, requests.Length);
        Assert.Equal(32, requests[0].IdempotencyKey!.Length);
        Assert.Equal(requests[0], requests[1]);
    }

    [Fact]
    public async Task Two_creations_have_two_idempotency_keys_and_a_callers_own_is_kept()
    {
        await using var wire = await ServeAsync(201, Samples.Key(value: Samples.Secret));
        var keys = wire.Client().Keys;
        await keys.IssueForOrganizationAsync("org_1", new IssueKeyRequest { Name = "a" });
        await keys.IssueForOrganizationAsync("org_1", new IssueKeyRequest { Name = "b" });
        await keys.IssueForOrganizationAsync("org_1", new IssueKeyRequest { Name = "c" }, "mine");
        var sent = wire.Requests.Select(request => request.IdempotencyKey).ToArray();
        Assert.NotEqual(sent[0], sent[1]);
        Assert.Equal("mine", sent[2]);
    }

    [Fact]
    public async Task A_validation_is_repeated_without_an_idempotency_key()
    {
        await using var wire = await ServeAsync((count, context) => LoseFirst(count, context, Samples.Allowed));
        Assert.True((await wire.Client().Keys.ValidateAsync(new SecretString(Samples.Secret))).IsAllowed);
        Assert.Equal([null, null], wire.Requests.Select(request => request.IdempotencyKey));
    }

    [Fact]
    public async Task No_other_change_is_ever_repeated()
    {
        await using var wire = await ServeAsync(503, Samples.Unavailable);
        var client = wire.Client();
        Func<Task>[] changes =
        [
            () => client.Keys.RevokeAsync("api_key_1"),
            () => client.Keys.ExpireAsync("api_key_1"),
            () => client.Keys.SuspendAsync("api_key_1"),
            () => client.Keys.UpdateAsync("api_key_1", new UpdateKeyRequest { Name = "b" }),
            () => client.Keys.DeleteAsync("api_key_1"),
            () => client.Users.EraseAsync("user_1"),
            () => client.Memberships.DeactivateAsync("om_1"),
            () => client.Roles.GrantAsync("editor", ["posts:write"]),
        ];
        foreach (var change in changes)
            Assert.Equal(503, (await Assert.ThrowsAsync<WarderException>(change)).Status);
        Assert.Equal(changes.Length, wire.Requests.Count);
    }

    [Fact]
    public async Task A_refusal_is_not_repeated()
    {
        await using var wire = await ServeAsync(404, """{"message":"API key not found.","code":"entity_not_found","request_id":"req_1"}""");
        await Assert.ThrowsAsync<WarderException>(() => wire.Client().Keys.GetAsync("api_key_1"));
        Assert.Single(wire.Requests);
    }

    [Fact]
    public async Task Attempts_are_bounded_in_number()
    {
        await using var wire = await ServeAsync(503, Samples.Unavailable);
        var failure = await Assert.ThrowsAsync<WarderException>(
            () => wire.Client(options => options.MaxAttempts = 2).Keys.GetAsync("api_key_1"));
        Assert.True(failure.IsUnavailable);
        Assert.Equal(2, wire.Requests.Count);
    }

    [Fact]
    public async Task A_wait_that_the_call_has_no_time_for_is_handed_to_the_caller()
    {
        await using var wire = await ServeAsync((_, context) =>
        {
            context.Response.Headers.RetryAfter = "3600";
            return JsonAsync(context, 429, """{"message":"Slow down.","code":"rate_limit_exceeded","request_id":"req_1"}""");
        });
        var failure = await Assert.ThrowsAsync<WarderException>(() => wire.Client().Keys.GetAsync("api_key_1"));
        Assert.Equal(TimeSpan.FromHours(1), failure.RetryAfter);
        Assert.Single(wire.Requests);
    }

    [Fact]
    public async Task A_call_ends_in_its_time_though_the_server_never_answers()
    {
        await using var wire = await ServeAsync((_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var client = wire.Client(options => (options.Timeout, options.AttemptTimeout) = (TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(100)));
        var failure = await Assert.ThrowsAsync<WarderException>(() => client.Keys.GetAsync("api_key_1"));
        Assert.Equal((0, WarderException.TimedOut), (failure.Status, failure.Code));
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_let_go()
    {
        using var giveUp = new CancellationTokenSource();
        await using var wire = await ServeAsync(async (_, context) =>
        {
            await giveUp.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wire.Client().Keys.GetAsync("api_key_1", giveUp.Token));
        Assert.Single(wire.Requests);
    }

    private static Task LoseFirst(int count, HttpContext context, string body, int status = 200)
    {
        if (count > 1)
            return JsonAsync(context, status, body);
        context.Abort();
        return Task.CompletedTask;
    }
}
