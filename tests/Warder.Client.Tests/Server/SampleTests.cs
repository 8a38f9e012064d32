using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Warder.Contracts.Access;
using Warder.Contracts.Directory;
using Warder.Contracts.Keys;
using Warder.Contracts.Management;
using Warder.Core.Secrets;

namespace Warder.Client.Tests.Server;

public sealed class SampleTests(RealServer server) : IClassFixture<RealServer>
{
    [Fact]
    public async Task The_sample_lets_a_good_key_in_and_refuses_it_from_the_moment_of_its_revocation()
    {
        var client = server.Client;
        foreach (var slug in new[] { "posts:read", "posts:write" })
            await client.Permissions.CreateAsync(new CreatePermissionRequest { Slug = slug, Name = slug });
        var organization = await client.Organizations.CreateAsync(new CreateOrganizationRequest { Name = "Acme" });
        var key = await client.Keys.IssueForOrganizationAsync(organization.Id, new IssueKeyRequest { Name = "a", Permissions = ["posts:read"] });
        var validator = await client.ManagementKeys.CreateAsync(
            new CreateManagementKeyRequest { Name = "posts-api", Rights = [RightNames.KeysValidate] });

        using var sample = Start(validator.Value);
        try
        {
            using var http = new HttpClient { BaseAddress = await AddressAsync(sample) };
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), await AskAsync(http, HttpMethod.Get, null));
            Assert.Equal((HttpStatusCode.OK, ""), await AskAsync(http, HttpMethod.Get, key.Value));
            Assert.Equal(
                (HttpStatusCode.Forbidden, "Bearer error=\"insufficient_scope\", scope=\"posts:write\""),
                await AskAsync(http, HttpMethod.Post, key.Value));
            await client.Keys.RevokeAsync(key.Key.Id);
            var (status, challenge) = await AskAsync(http, HttpMethod.Get, key.Value);
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.StartsWith("Bearer error=\"invalid_token\"", challenge, StringComparison.Ordinal);
        }
        finally
        {
            sample.Kill(entireProcessTree: true);
            await sample.WaitForExitAsync();
        }
    }

    private Process Start(Plaintext managementKey)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "PostsApi.dll"));
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add("http://127.0.0.1:0");
        start.Environment["WARDER_URL"] = server.Address.AbsoluteUri;
        start.Environment["WARDER_MANAGEMENT_KEY"] = managementKey.Reveal();
        return Process.Start(start)!;
    }

    private static async Task<Uri> AddressAsync(Process sample)
    {
        const string Listening = "Now listening on: ";
        while (await sample.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains(Listening, StringComparison.Ordinal))
                return new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim());
        }

        throw new InvalidOperationException("The sample ended before it listened.");
    }

    private static async Task<(HttpStatusCode Status, string Challenge)> AskAsync(HttpClient http, HttpMethod method, Plaintext? key)
    {
        using var request = new HttpRequestMessage(method, "/posts?title=Hello");
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString());
    }
}
