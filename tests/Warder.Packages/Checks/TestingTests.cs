using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Warder.Testing;

namespace Checks;

/// <summary>The application without a server.</summary>
public sealed class TestingTests
{
    [Fact]
    public async Task An_application_is_tested_without_a_server()
    {
        var warder = new TestWarder();
        var key = warder.IssueKey("posts:read");
        await using var api = new WebApplicationFactory<Program>().WithWebHostBuilder(host => host
            .UseSetting("Logging:LogLevel:Default", "None")
            .ConfigureTestServices(services => services.AddWarderTesting(warder)));
        using var caller = api.CreateClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await caller.GetAsync("/posts")).StatusCode);
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Value);
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/posts")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await caller.PostAsync("/posts?title=a", null)).StatusCode);
        warder.IsAvailable = false;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await caller.GetAsync("/posts")).StatusCode);
        warder.IsAvailable = true;
        key.Revoke();
        Assert.Equal(HttpStatusCode.Unauthorized, (await caller.GetAsync("/posts")).StatusCode);
    }
}
