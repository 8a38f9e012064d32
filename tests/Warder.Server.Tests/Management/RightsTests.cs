using Warder.Core.Management;
using Warder.Server.Http;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Management;

/// <summary>Each route needs its right. The route table generates the cases, so that they cover each new route.</summary>
public sealed class RightsTests
{
    [Fact]
    public async Task Exactly_the_right_of_the_table_opens_a_route()
    {
        await using var warder = await RunningWarder.StartAsync();
        var single = new Dictionary<Rights, string>();
        foreach (var (name, right) in RightNames.Every)
            single[right] = await warder.Grant(null, name);

        var wrong = new List<string>();
        foreach (var route in RouteTable.ForManagementKeys)
        {
            foreach (var (right, key) in single)
            {
                var reply = await Call(warder, route, key);
                var opened = reply.Status != 401 && reply.Code != "insufficient_rights";
                if (opened != (right == route.Right) || (!opened && reply.Status != 403))
                    wrong.Add($"{route.Method} {route.Pattern} with {right}: {reply.Status} {reply.Code}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_right_but_the_one_of_the_table_opens_nothing()
    {
        await using var warder = await RunningWarder.StartAsync();
        var wrong = new List<string>();
        foreach (var group in RouteTable.ForManagementKeys.GroupBy(route => route.Right))
        {
            var others = RightNames.Every.Where(row => row.Right != group.Key).Select(row => row.Name);
            var key = await warder.Grant(null, others);
            foreach (var route in group)
            {
                var reply = await Call(warder, route, key);
                if (reply.Status != 403 || reply.Code != "insufficient_rights")
                    wrong.Add($"{route.Method} {route.Pattern}: {reply.Status} {reply.Code}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Without_a_good_management_key_every_route_answers_401_and_how_to_authenticate()
    {
        await using var warder = await RunningWarder.StartAsync();
        var revoked = await warder.Post("/management_keys", new { name = "gone", rights = RightNames.Every.Select(row => row.Name) });
        await warder.Post($"/management_keys/{revoked.Is(201).Id}/revoke");
        var inhabitants = await Fixture.MakeAsync(warder, warder.Key, "a");
        string[] keys = ["", revoked.Value, inhabitants.KeyValue, "wdrm_" + inhabitants.KeyValue["wdr_live_".Length..], "x"];

        var wrong = new List<string>();
        foreach (var route in RouteTable.ForManagementKeys)
        {
            foreach (var key in keys)
            {
                var reply = await Call(warder, route, key);
                if (reply.Status != 401
                    || !reply.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme == "Bearer")
                    || reply.Code != "unauthorized")
                    wrong.Add($"{route.Method} {route.Pattern} with {key}: {reply.Status}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Only_health_and_the_description_of_the_API_are_open_to_everybody()
    {
        await using var warder = await RunningWarder.StartAsync();
        foreach (var path in (string[])["/health/live", "/health/ready", "/openapi.json"])
            (await warder.Get(path, "")).Is(200);
        foreach (var path in (string[])["/", "/api_keys/x/y", "/metrics", "/debug", "/environments/"])
            Assert.Contains((await warder.Get(path, "")).Status, (int[])[401, 404]);
    }

    [Fact]
    public async Task Every_right_is_needed_by_some_route()
        => Assert.Equal(
            RightNames.Every.Select(row => row.Right).Order(),
            RouteTable.ForManagementKeys.Select(route => route.Right).Distinct().Order());

    [Fact]
    public async Task A_customers_permissions_named_like_rights_give_no_authority_over_Warder()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "Acme" })).Is(201).Id;
        var slugs = RightNames.Every.Select(row => row.Name).ToArray();
        foreach (var slug in slugs)
            (await warder.Post("/authorization/permissions", new { slug, name = "mine" })).Is(201);
        var key = (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k", permissions = slugs })).Is(201).Value;

        Assert.Equal("allowed", await warder.Decide(key, slugs));
        foreach (var route in RouteTable.ForManagementKeys)
            (await Call(warder, route, key)).Is(401);
    }

    [Fact]
    public async Task A_management_key_is_no_API_key()
    {
        await using var warder = await RunningWarder.StartAsync();

        Assert.Equal("not_found", await warder.Decide(warder.Key));
        var batch = await warder.Post("/api_keys/validations/batch", new { validations = new[] { new { value = warder.Key } } });
        Assert.Equal("not_found", batch.Is(200).Json.GetProperty("results")[0].GetProperty("decision").GetProperty("code").GetString());
    }

    private static Task<Reply> Call(RunningWarder warder, Route route, string key)
        => warder.Send(route.Method, Fixture.Unknown.Path(route.Pattern), route.Method is "GET" or "DELETE" ? null : "{}", key);
}
