using Warder.Core.Secrets;
using static Warder.Client.Tests.Wire;

namespace Warder.Client.Tests.Transport;

public sealed class FailureTests
{
    [Fact]
    public async Task A_refusal_says_all_that_the_server_said()
    {
        await using var wire = await ServeAsync(422, """
            {"message":"Not registered.","code":"unknown_permission",
             "errors":[{"field":"permissions[0]","code":"unknown_permission","message":"Not registered."}],"request_id":"req_7"}
            """);
        var failure = await Assert.ThrowsAsync<WarderException>(() => wire.Client().Keys.RevokeAsync("api_key_1"));
        Assert.Equal((422, "unknown_permission", "Not registered.", "req_7"), (failure.Status, failure.Code, failure.Message, failure.RequestId));
        Assert.Equal("permissions[0]", Assert.Single(failure.Errors).Field);
        Assert.False(failure.IsUnavailable);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(502)]
    public async Task What_does_not_speak_as_Warder_does_is_not_taken_for_it(int status)
    {
        await using var wire = await ServeAsync((_, context) =>
        {
            context.Response.StatusCode = status;
            return context.Response.Body.WriteAsync("<html>proxy</html>"u8.ToArray()).AsTask();
        });
        var failure = await Assert.ThrowsAsync<WarderException>(() => wire.Client().Keys.RevokeAsync("api_key_1"));
        Assert.Equal(WarderException.UnexpectedAnswer, failure.Code);
        Assert.True(failure.IsUnavailable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not JSON")]
    public async Task A_success_without_the_expected_body_is_a_failure(string body)
    {
        await using var wire = await ServeAsync(200, body);
        var failure = await Assert.ThrowsAsync<WarderException>(() => wire.Client().Keys.ValidateAsync(new SecretString(Samples.Secret)));
        Assert.Equal(WarderException.UnexpectedAnswer, failure.Code);
        Assert.True(failure.IsUnavailable);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        var wire = await ServeAsync(200, "");
        var client = wire.Client(options => options.MaxAttempts = 2);
        await wire.DisposeAsync();
        var failure = await Assert.ThrowsAsync<WarderException>(() => client.Keys.GetAsync("api_key_1"));
        Assert.Equal((0, WarderException.ConnectionFailed), (failure.Status, failure.Code));
        Assert.True(failure.IsUnavailable);
    }

    [Fact]
    public async Task No_text_of_an_issued_key_or_of_a_failure_shows_a_secret()
    {
        await using var wire = await ServeAsync(201, Samples.Key(value: Samples.Secret));
        var issued = await wire.Client().Keys.RotateAsync("api_key_1");
        Assert.Null(issued.Key.Value);
        Assert.DoesNotContain(Samples.Secret, issued.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wdrm_test", wire.Client().ToString(), StringComparison.Ordinal);

        await using var broken = await ServeAsync(201, $$"""{"value": "{{Samples.Secret}}", "created_at": "{{Samples.Secret}}"}""");
        var failure = await Assert.ThrowsAsync<WarderException>(() => broken.Client().Keys.RotateAsync("api_key_1"));
        Assert.DoesNotContain(Samples.Secret, failure.ToString(), StringComparison.Ordinal);
    }
}
