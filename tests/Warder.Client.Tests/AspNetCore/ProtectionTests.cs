using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Warder.AspNetCore;
using Warder.Contracts.Keys;

namespace Warder.Client.Tests.AspNetCore;

public sealed class ProtectionTests
{
    [Theory]
    [InlineData("/any-key")]
    [InlineData("/read")]
    [InlineData("/controller/read")]
    public async Task A_good_key_with_the_permission_passes(string path)
    {
        await using var warder = await Wire.ServeAsync(200, Samples.Allowed);
        await using var api = await ProtectedApi.StartAsync(warder.Address);
        using var answer = await api.GetAsync(path, "Authorization");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal($$"""{"value":"{{Samples.Secret}}"}""", warder.Requests.Single().Body);
    }

    [Theory]
    [InlineData("/write")]
    [InlineData("/policy")]
    [InlineData("/controller/write")]
    public async Task A_missing_permission_is_403_and_named(string path)
    {
        await using var warder = await Wire.ServeAsync(200, Samples.Allowed);
        await using var api = await ProtectedApi.StartAsync(warder.Address);
        using var answer = await api.GetAsync(path, "Authorization");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("Bearer error=\"insufficient_scope\", scope=\"posts:write\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("Authorization", "Basic dXNlcjpwYXNz")]
    [InlineData("X-API-Key", Samples.Secret)]
    public async Task Without_credentials_it_is_401_without_an_error_and_Warder_is_not_asked(string? header, string value)
    {
        await using var warder = await Wire.ServeAsync(200, Samples.Allowed);
        await using var api = await ProtectedApi.StartAsync(warder.Address);
        using var answer = await api.GetAsync("/read", header, value);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        Assert.Empty(warder.Requests);
    }

    [Fact]
    public async Task Every_denial_looks_the_same_to_the_caller()
    {
        string[] codes =
        [
            DecisionCode.Malformed, DecisionCode.WrongEnvironment, DecisionCode.NotFound, DecisionCode.Revoked, DecisionCode.Expired,
            DecisionCode.Suspended, DecisionCode.OwnerInactive, "a_code_of_the_future",
        ];
        var answered = 0;
        await using var warder = await Wire.ServeAsync((count, context) => Wire.JsonAsync(context, 200, Samples.Denied(codes[answered++])));
        await using var api = await ProtectedApi.StartAsync(warder.Address);
        var answers = new HashSet<string>();
        foreach (var _ in codes)
        {
            using var answer = await api.GetAsync("/read", "Authorization");
            answers.Add($"{(int)answer.StatusCode} {answer.Headers.WwwAuthenticate} {await answer.Content.ReadAsStringAsync()}");
        }

        var only = Assert.Single(answers);
        Assert.StartsWith("401 Bearer error=\"invalid_token\"", only, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer a b")]
    [InlineData("bearer a,\tb")]
    public async Task What_cannot_be_a_key_is_refused_without_asking(string value)
    {
        await using var warder = await Wire.ServeAsync(200, Samples.Allowed);
        await using var api = await ProtectedApi.StartAsync(warder.Address);
        using var answer = await api.GetAsync("/read", "Authorization", value);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Empty(warder.Requests);
    }

    [Fact]
    public async Task A_value_that_is_too_long_is_refused_without_asking()
    {
        await using var warder = await Wire.ServeAsync(200, Samples.Allowed);
        await using var api = await ProtectedApi.StartAsync(warder.Address);
        using var answer = await api.GetAsync("/read", "Authorization", "Bearer " + new string('a', 513));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(warder.Requests);
    }

    [Theory]
    [InlineData(401, """{"message":"Unauthorized","code":"unauthorized","request_id":"req_1"}""")]
    [InlineData(403, """{"message":"Needs keys:validate.","code":"insufficient_rights","request_id":"req_1"}""")]
    [InlineData(422, """{"message":"Too long.","code":"too_long","request_id":"req_1"}""")]
    [InlineData(500, "")]
    [InlineData(503, Samples.Unavailable)]
    [InlineData(200, "{}")]
    [InlineData(200, """{"api_key":null,"decision":null}""")]
    [InlineData(204, "")]
    public async Task When_Warder_cannot_decide_the_request_is_refused_with_503(int status, string body)
    {
        await using var warder = await Wire.ServeAsync(status, body);
        await using var api = await ProtectedApi.StartAsync(warder.Address, options => options.Timeout = TimeSpan.FromSeconds(1));
        using var answer = await api.GetAsync("/read", "Authorization");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task When_Warder_is_not_there_the_request_is_refused_with_503()
    {
        var warder = await Wire.ServeAsync(200, Samples.Allowed);
        var address = warder.Address;
        await warder.DisposeAsync();
        await using var api = await ProtectedApi.StartAsync(address, options => options.Timeout = TimeSpan.FromSeconds(1));
        using var answer = await api.GetAsync("/controller/read", "Authorization");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        using var open = await api.GetAsync("/open", "Authorization");
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    [Fact]
    public async Task An_allow_without_a_key_is_no_allow()
    {
        await using var warder = await Wire.ServeAsync(200, """{"api_key":null,"decision":{"allow":true,"code":"allowed"}}""");
        await using var api = await ProtectedApi.StartAsync(warder.Address);
        using var answer = await api.GetAsync("/any-key", "Authorization");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Another_header_can_carry_the_key()
    {
        await using var warder = await Wire.ServeAsync(200, Samples.Allowed);
        await using var api = await ProtectedApi.StartAsync(warder.Address, options => options.HeaderName = "X-API-Key");
        using var answer = await api.GetAsync("/read", "X-API-Key", Samples.Secret);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var bearer = await api.GetAsync("/read", "Authorization");
        Assert.Equal(HttpStatusCode.Unauthorized, bearer.StatusCode);
    }

    [Fact]
    public async Task The_principal_says_whose_key_it_is_and_what_it_may_do()
    {
        await using var warder = await Wire.ServeAsync(200, Samples.Allowed);
        await using var api = await ProtectedApi.StartAsync(warder.Address);
        using var answer = await api.GetAsync("/me", "Authorization");
        Assert.Equal(
            [
                $"{WarderClaims.KeyId}=api_key_1", $"{WarderClaims.KeyName}=Production", $"{WarderClaims.OwnerType}=user",
                $"{WarderClaims.OwnerId}=user_1", $"{WarderClaims.OrganizationId}=org_1", $"{WarderClaims.Permission}=posts:read",
            ],
            (await answer.Content.ReadFromJsonAsync<string[]>())!);
    }

    [Fact]
    public async Task Each_request_is_decided_anew()
    {
        await using var warder = await Wire.ServeAsync((count, context) => Wire.JsonAsync(
            context, StatusCodes.Status200OK, count == 1 ? Samples.Allowed : Samples.Denied(DecisionCode.Revoked)));
        await using var api = await ProtectedApi.StartAsync(warder.Address);
        using var before = await api.GetAsync("/read", "Authorization");
        using var after = await api.GetAsync("/read", "Authorization");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before.StatusCode, after.StatusCode));
    }

    [Theory]
    [InlineData("Posts")]
    [InlineData("")]
    [InlineData("a\"b")]
    public void A_permission_that_cannot_be_one_is_refused_where_it_is_written(string permission)
        => Assert.Throws<ArgumentException>(() => new RequirePermissionAttribute(permission));
}
