using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Core.Management;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Http;

namespace Warder.Server.Tests.Management;

/// <summary>The switch of an environment that ends API keys no later than the management key that issues them.</summary>
public sealed class IssueCapTests
{
    private static readonly string[] All = [.. RightNames.Every.Select(row => row.Name)];
    private static readonly DateTimeOffset End = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_the_cap_no_API_key_ends_later_than_its_issuer(bool bySecret)
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var (issuer, end) = await Ending(warder, bySecret);
        await Cap(warder, true);
        var lasting = (await warder.Post($"/organizations/{own.Organization}/api_keys", new { name = "lasting" })).Is(201).Id;
        foreach (var beyond in (DateTimeOffset?[])[null, end.AddMilliseconds(1)])
        {
            foreach (var (method, path, body) in Issues(own, lasting))
            {
                var head = warder.Head;
                var refused = await warder.Send(method, path, With(body, beyond), issuer);
                Assert.True(
                    refused.Is(422).Faults.Single().EndsWith("expires_at: exceeds_grantor", StringComparison.Ordinal), path + refused.Text);
                Assert.Equal(head, warder.Head);
            }
        }

        Assert.Equal(
            ["permissions: exceeds_grantor"],
            (await warder.Patch("/api_keys/" + lasting, new { permissions = new[] { own.Permission } }, issuer)).Is(422).Faults);
        Assert.Equal(["expires_at: exceeds_grantor"], (await warder.Post($"/api_keys/{lasting}/rotate", new { }, issuer)).Is(422).Faults);
        // The cap binds no route that grants nothing, and no caller without an end.
        (await warder.Patch("/api_keys/" + lasting, new { name = "renamed" }, issuer)).Is(200);
        (await warder.Post($"/organizations/{own.Organization}/api_keys", new { name = "lasting" })).Is(201);
        foreach (var (method, path, body) in Issues(own, lasting))
            Assert.True((await warder.Send(method, path, With(body, end), issuer)).Status is 200 or 201, path);
        (await warder.Post($"/api_keys/{lasting}/revoke", null, issuer)).Is(200);
    }

    [Fact]
    public async Task Without_the_cap_customers_keys_outlive_the_key_of_a_back_end()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var (issuer, _) = await Ending(warder, bySecret: true);
        foreach (var (method, path, body) in Issues(own, own.Key))
            Assert.True((await warder.Send(method, path, With(body, null), issuer)).Status is 200 or 201, path);
    }

    [Fact]
    public async Task A_key_that_ends_cannot_lift_the_cap()
    {
        await using var warder = await RunningWarder.StartAsync();
        var environment = await Cap(warder, true);
        foreach (var bySecret in (bool[])[false, true])
        {
            var (issuer, _) = await Ending(warder, bySecret);
            Assert.Equal(
                ["cap_issued_keys: exceeds_grantor"],
                (await warder.Patch(environment, new { cap_issued_keys = false }, issuer)).Is(422).Faults);
            Assert.Equal(
                ["cap_issued_keys: exceeds_grantor"],
                (await warder.Patch(environment, "{\"cap_issued_keys\":null}", issuer)).Is(422).Faults);
            (await warder.Patch(environment, new { name = "n" }, issuer)).Is(200);
        }

        await Cap(warder, false);
    }

    [Fact]
    public async Task Its_change_is_an_event_that_says_what_it_was()
    {
        await using var warder = await RunningWarder.StartAsync();
        var environment = await Cap(warder, true);
        var data = (await warder.LastChange()).GetProperty("data");
        Assert.True(data.GetProperty("cap_issued_keys").GetBoolean());
        Assert.False(data.GetProperty("previous_attributes").GetProperty("cap_issued_keys").GetBoolean());
        Assert.True((await warder.Get(environment)).Is(200).Json.GetProperty("cap_issued_keys").GetBoolean());
        Assert.Equal("production", (await warder.Get(environment))["name"]);
        (await warder.Patch(environment, new { cap_issued_keys = "yes" })).Is(422);

        var made = (await warder.Post("/environments", new { name = "e", key_prefix = "capped", cap_issued_keys = true })).Is(201);
        Assert.True(made.Json.GetProperty("cap_issued_keys").GetBoolean());
        Assert.False(
            (await warder.Post("/environments", new { name = "e", key_prefix = "plain" })).Is(201).Json.GetProperty("cap_issued_keys")
                .GetBoolean());
    }

    private static List<(string Method, string Path, object Body)> Issues(Fixture own, string key) =>
    [
        ("POST", $"/organizations/{own.Organization}/api_keys", new { name = "k" }),
        ("POST", $"/user_management/users/{own.User}/api_keys", new { name = "k", organization_id = own.Organization }),
        ("POST", "/api_keys/imports", Bodies.Import(new { type = "organization", id = own.Organization })),
        ("PATCH", "/api_keys/" + key, new { }),
        ("POST", $"/api_keys/{key}/expire", new { }),
        ("POST", $"/api_keys/{key}/rotate", new { }),
    ];

    private static string With(object body, DateTimeOffset? end)
    {
        var json = JsonNode.Parse(JsonSerializer.Serialize(body))!.AsObject();
        (json["api_keys"] is JsonArray keys ? keys[0]!.AsObject() : json)["expires_at"] = JsonSerializer.SerializeToNode(end);
        return json.ToJsonString();
    }

    private static async Task<string> Cap(RunningWarder warder, bool cap)
    {
        var path = "/environments/" + (await warder.Get("/environments?order=asc")).Ids[0];
        Assert.Equal(
            cap, (await warder.Patch(path, new { cap_issued_keys = cap })).Is(200).Json.GetProperty("cap_issued_keys").GetBoolean());
        return path;
    }

    // Creates a key with every right that expires, or whose secret expires.
    private static async Task<(string Value, DateTimeOffset End)> Ending(RunningWarder warder, bool bySecret)
    {
        var key = (await warder.Post(
            "/management_keys", new { name = "ending", rights = All, expires_at = bySecret ? (DateTimeOffset?)null : End })).Is(201);
        if (!bySecret)
            return (key.Value, End);
        (await warder.Post($"/management_keys/{key.Id}/rotate", new { overlap_seconds = 3_600 })).Is(200);
        var secrets = (await warder.Get("/management_keys/" + key.Id)).Is(200).Json.GetProperty("secrets").EnumerateArray();
        return (key.Value, secrets.First().GetProperty("ends_at").GetDateTimeOffset());
    }
}
