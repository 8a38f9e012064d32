using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Server.Http;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Connections;

public sealed class RequestRateTests
{
    [Fact]
    public async Task Management_is_limited_by_key_and_validations_and_endings_are_not()
    {
        await using var warder = await RunningWarder.StartAsync(options: options => options with { ManagementRequestsPerSecond = 2 });
        var organization = (await warder.Post("/organizations", new { name = "n" })).Is(201).Id;
        var made = (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" })).Is(201);
        var other = await warder.Grant(null, "keys:read");
        Reply refused;
        do
            refused = await warder.Get("/organizations");
        while (refused.Status == 200);
        refused.Is(429);
        Assert.Equal("too_many_requests", refused.Code);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 5);
        // Another key has a rate of its own.
        (await warder.Get("/api_keys", other)).Is(200);
        for (var i = 0; i < 20; i++)
            Assert.Equal("allowed", await warder.Decide(made.Value));
        await UseUp(warder);
        (await warder.Post($"/api_keys/{made.Id}/revoke", new { })).Is(200);
        Assert.Equal("revoked", await warder.Decide(made.Value));
        await UseUp(warder);
        (await warder.Delete($"/organizations/{organization}")).Is(204);
        await UseUp(warder);
        // A dry run ends nothing, and costs as much as a list.
        (await warder.Delete($"/organizations/{organization}?dry_run=true")).Is(429);
    }

    [Fact]
    public void Every_ending_is_exempt()
    {
        string[] endings =
        [
            "POST /api_keys/{id}/expire", "POST /api_keys/{id}/revoke", "POST /api_keys/{id}/suspend", "POST /management_keys/{id}/revoke",
            "PUT /user_management/organization_memberships/{id}/deactivate",
        ];
        foreach (var route in RouteTable.ForManagementKeys)
        {
            var ends = route.Method == "DELETE" || endings.Contains($"{route.Method} {route.Pattern}");
            Assert.True(route.Ends == ends, $"{route.Method} {route.Pattern}");
        }
    }

    [Theory]
    [InlineData("GET", "/organizations", "wdrm_wrong")]
    [InlineData("POST", "/api_keys/validations", "wdrm_wrong")]
    [InlineData("POST", "/api_keys/validations", "")]
    public async Task Failed_authentication_is_limited_by_address_and_a_good_key_is_not(string method, string path, string wrong)
    {
        await using var warder = await RunningWarder.StartAsync(options: options => options with { FailedAuthenticationsPerSecond = 1 });
        object? body = method == "POST" ? new { value = "wdr_live_x" } : null;
        for (var i = 0; i < 5; i++)
            (await warder.Send(method, path, body, wrong)).Is(401);
        var refused = (await warder.Send(method, path, body, wrong)).Is(429);
        Assert.NotNull(refused.Headers.RetryAfter);
        for (var i = 0; i < 30; i++)
        {
            (await warder.Send(method, path, body)).Is(200);
            await warder.Send(method, path, body, wrong);
        }
    }

    [Fact]
    public async Task Well_formed_keys_that_are_unknown_are_limited_too()
    {
        await using var warder = await RunningWarder.StartAsync(options: options => options with { FailedAuthenticationsPerSecond = 1 });
        for (var i = 0; i < 5; i++)
            (await warder.Get("/organizations", TokenFormat.Issue("wdrm", Entropy.System).Reveal())).Is(401);
        (await warder.Get("/organizations", TokenFormat.Issue("wdrm", Entropy.System).Reveal())).Is(429);
    }

    [Fact]
    public async Task Zero_turns_a_rate_off()
    {
        await using var warder = await RunningWarder.StartAsync();
        for (var i = 0; i < 200; i++)
            (await warder.Get("/organizations", "wdrm_wrong")).Is(401);
    }

    private static async Task UseUp(RunningWarder warder)
    {
        while ((await warder.Get("/organizations")).Status == 200)
        {
            // Until the burst is used up.
        }
    }
}
