using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Warder.Client;
using Warder.Contracts.Access;
using Warder.Contracts.Directory;
using Warder.Contracts.Keys;

namespace Checks;

/// <summary>The application against a real server.</summary>
public sealed class ServerTests(Server server) : IClassFixture<Server>, IDisposable
{
    private readonly HttpClient http = new();

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task A_key_works_until_its_revocation_has_returned(string replica)
    {
        var warder = new WarderClient(http, new WarderClientOptions { BaseAddress = server.Address, ManagementKey = server.ManagementKey });
        var permission = await warder.Permissions.ListAllAsync().AnyAsync(static known => known.Slug == "posts:read");
        if (!permission)
            await warder.Permissions.CreateAsync(new CreatePermissionRequest { Slug = "posts:read", Name = "Read posts" });
        var organization = await warder.Organizations.CreateAsync(new CreateOrganizationRequest { Name = "Acme" });
        var issued = await warder.Keys.IssueForOrganizationAsync(organization.Id, new IssueKeyRequest { Name = "k", Permissions = ["posts:read"] });

        await using var api = new WebApplicationFactory<Program>().WithWebHostBuilder(host => host
            .UseSetting("WARDER_URL", server.Address.AbsoluteUri)
            .UseSetting("WARDER_MANAGEMENT_KEY", server.ManagementKey)
            .UseSetting("WARDER_REPLICA", replica)
            .UseSetting("Logging:LogLevel:Default", "Warning"));
        using var caller = api.CreateClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await caller.GetAsync("/posts")).StatusCode);
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issued.Value.Reveal());
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/posts")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await caller.PostAsync("/posts?title=a", null)).StatusCode);

        await warder.Keys.RevokeAsync(issued.Key.Id, "done");
        Assert.Equal(HttpStatusCode.Unauthorized, (await caller.GetAsync("/posts")).StatusCode);
    }

    public void Dispose() => http.Dispose();
}
