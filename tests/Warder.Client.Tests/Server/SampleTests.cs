using System.Net;
using Warder.Contracts.Access;
using Warder.Contracts.Directory;
using Warder.Contracts.Keys;
using Warder.Contracts.Management;

namespace Warder.Client.Tests.Server;

public sealed class SampleTests(RealServer server) : IClassFixture<RealServer>
{
    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task The_sample_lets_a_good_key_in_and_refuses_it_from_the_moment_of_its_revocation(string replica)
    {
        var client = server.Client;
        foreach (var slug in new[] { "posts:read", "posts:write" }.Where(_ => replica == "false"))
            await client.Permissions.CreateAsync(new CreatePermissionRequest { Slug = slug, Name = slug });
        var organization = await client.Organizations.CreateAsync(new CreateOrganizationRequest { Name = "Acme" });
        var key = await client.Keys.IssueForOrganizationAsync(
            organization.Id, new IssueKeyRequest { Name = "a", Permissions = ["posts:read"] });
        var validator = await client.ManagementKeys.CreateAsync(
            new CreateManagementKeyRequest { Name = "posts-api", Rights = [RightNames.KeysValidate] });

        await using var sample = await SampleProcess.StartAsync(
            validator.Value, ("WARDER_URL", server.Address.AbsoluteUri), ("WARDER_REPLICA", replica));
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), await sample.SendAsync(HttpMethod.Get, null));
        Assert.Equal((HttpStatusCode.OK, ""), await sample.SendAsync(HttpMethod.Get, key.Value));
        Assert.Equal(
            (HttpStatusCode.Forbidden, "Bearer error=\"insufficient_scope\", scope=\"posts:write\""),
            await sample.SendAsync(HttpMethod.Post, key.Value));
        await client.Keys.RevokeAsync(key.Key.Id);
        var (status, challenge) = await sample.SendAsync(HttpMethod.Get, key.Value);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.StartsWith("Bearer error=\"invalid_token\"", challenge, StringComparison.Ordinal);
    }
}
