using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Core.Management;
using Warder.Engine.Changes;
using Warder.Server.Http;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Http;
using Route = Warder.Server.Http.Route;

namespace Warder.Server.Tests.Management;

/// <summary>
/// The caller's authority changes while a body is held back. Driven from the route table, so that a new route is covered by being there:
/// the authority that counts is that of the transaction, not that of the request's head.
/// </summary>
public sealed class HeldBodyTests
{
    private const string End = "2100-01-01T00:00:00.000Z";

    private static readonly string[] All = [.. RightNames.Every.Select(row => row.Name)];

    private static IEnumerable<Route> WithBody => RouteTable.ForManagementKeys.Where(route => route.Method is not ("GET" or "DELETE"));

    [Theory]
    [InlineData("narrowed")]
    [InlineData("expired")]
    [InlineData("rotated out")]
    public async Task On_every_route_a_caller_that_lost_its_authority_changes_nothing(string how)
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var wrong = new List<string>();
        foreach (var route in WithBody)
        {
            var caller = (await warder.Post("/management_keys", new { name = "late", rights = All })).Is(201);
            var path = "/management_keys/" + caller.Id;
            var changes = 0L;
            var (status, text) = await Send(warder, route, own, caller.Value, async () =>
            {
                if (how == "narrowed")
                    (await warder.Patch(path, new { rights = All.Where(name => RightNames.Parse(name) != route.Right) })).Is(200);
                else if (how == "rotated out")
                    (await warder.Post(path + "/rotate", new { overlap_seconds = 0 })).Is(200);
                else
                    await Expire(warder, path, caller.Value);
                changes = warder.Changes;
            });
            if (status is not (401 or 403) || warder.Changes != changes)
                wrong.Add($"{route.Method} {route.Pattern}: {status} {text}, {warder.Changes - changes} changes");
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_every_route_a_caller_whose_end_was_set_grants_nothing_beyond_it(bool bySecret)
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var environment = (await warder.Get("/environments")).Ids[0];
        (await warder.Patch("/environments/" + environment, new { cap_issued_keys = true })).Is(200);
        var (wrong, made) = (new List<string>(), 0);
        foreach (var route in WithBody.Where(static route => route.Right is Rights.ManagementWrite or Rights.EnvironmentsWrite or Rights.KeysWrite))
        {
            var caller = (await warder.Post("/management_keys", new { name = "late", rights = All })).Is(201);
            // Keys as the caller finds them last for ever: what it is given, it may not make last longer than itself.
            var target = (await warder.Post("/management_keys", new { name = "target", rights = new[] { "keys:read" } })).Is(201).Id;
            var key = (await warder.Post($"/organizations/{own.Organization}/api_keys", new { name = "k" })).Is(201).Id;
            foreach (var end in (string?[])[null, End])
            {
                var changes = warder.Head;
                var (status, text) = await Send(warder, route, own with { ManagementKeyId = target, Key = key }, caller.Value, async () =>
                {
                    var path = "/management_keys/" + caller.Id;
                    if (bySecret && end is null)
                        (await warder.Post(path + "/rotate", new { overlap_seconds = 86_400 })).Is(200);
                    else if (!bySecret)
                        (await warder.Patch(path, new { expires_at = End })).Is(200);
                }, end);
                made += status is 200 or 201 ? 1 : 0;
                if (status >= 500 || Immortal(warder, changes, caller.Id).Count > 0)
                    wrong.Add($"{route.Method} {route.Pattern} {end}: {status} {text}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(made > 5, $"Only {made} were made.");
    }

    [Fact]
    public async Task An_event_names_its_actor_as_it_is_called_when_the_change_is_made()
    {
        await using var warder = await RunningWarder.StartAsync();
        var caller = (await warder.Post("/management_keys", new { name = "before", rights = All })).Is(201);
        var route = RouteTable.ForManagementKeys.Single(route => route is { Method: "POST", Pattern: "/organizations" });

        var (status, _) = await Send(warder, route, Fixture.Unknown, caller.Value, async () =>
            (await warder.Patch("/management_keys/" + caller.Id, new { name = "after" })).Is(200));

        Assert.Equal(201, status);
        Assert.Equal("after", (await warder.LastChange()).GetProperty("context").GetProperty("actor").GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_dry_run_shows_nothing_to_a_caller_that_lost_the_right()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var wrong = new List<string>();
        foreach (var route in WithBody.Where(static route => route.DryRun))
        {
            var caller = (await warder.Post("/management_keys", new { name = "late", rights = All })).Is(201);
            var (status, text) = await Send(
                warder, route, own, caller.Value,
                async () => (await warder.Patch("/management_keys/" + caller.Id, new { rights = new[] { "events:read" } })).Is(200), query: "?dry_run=true");
            if (status != 403)
                wrong.Add($"{route.Method} {route.Pattern}: {status} {text}");
        }

        Assert.Empty(wrong);
    }

    // What the caller has made, changed or rotated since, and what does not end with it.
    private static List<string> Immortal(RunningWarder warder, long since, string caller)
        => [.. warder.Node.Store.Read(session => session.All("SELECT bytes FROM events WHERE seq > $1", static row => (byte[])row.GetValue(0), since))
            .Select(static bytes => JsonDocument.Parse(bytes).RootElement)
            .Where(e => e.GetProperty("context").GetProperty("actor").GetProperty("id").GetString() == caller
                && e.GetProperty("event").GetString()!.Split('.') is ["management_key" or "api_key", "created" or "updated" or "rotated"])
            .Select(static e => e.GetProperty("data").GetProperty("expires_at").GetString())
            .Where(static end => end is null || string.CompareOrdinal(end, End) > 0)
            .Select(static end => end ?? "never")];

    private static async Task Expire(RunningWarder warder, string path, string value)
    {
        (await warder.Patch(path, new { expires_at = DateTimeOffset.UtcNow.AddSeconds(1) })).Is(200);
        await Eventually.Holds(async () => (await warder.Get("/events?limit=1", value)).Status == 401, TimeSpan.FromSeconds(30), "It did not expire.");
    }

    private static async Task<(int Status, string Text)> Send(
        RunningWarder warder, Route route, Fixture own, string key, Func<Task> meanwhile, string? end = null, string query = "")
    {
        var body = Body(route, own, end);
        await using var connection = await RawConnection.OpenAsync(warder);
        var path = own.Path(route.Pattern, route.Pattern.StartsWith("/environments/", StringComparison.Ordinal)
            ? new Dictionary<string, string> { ["id"] = (await warder.Get("/environments")).Ids[^1] } : null);
        var head = RawConnection.Post(path + query, key).Replace("POST ", route.Method + " ", StringComparison.Ordinal);
        await connection.Send(head + RawConnection.Expecting + $"Content-Length: {body.Length}\r\n\r\n" + body[..1]);
        await connection.BodyIsAwaited();
        await meanwhile();
        await connection.Send(body[1..]);
        return await connection.Answer();
    }

    // A good body, with an end wherever there can be one.
    private static string Body(Route route, Fixture own, string? end)
    {
        var body = Bodies.For(route, own) is { } good ? JsonNode.Parse(JsonSerializer.Serialize(good))!.AsObject() : [];
        if (route.Request?.GetProperty("ExpiresAt") is not null)
            body["expires_at"] = end;
        if (body["key_prefix"] is not null)
            body["key_prefix"] = "p" + Guid.NewGuid().ToString("N")[..12];
        if (body["api_keys"] is JsonArray imports)
        {
            imports[0]!["expires_at"] = end;
            imports[0]!["value_sha256"] = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");
        }

        return body.ToJsonString();
    }
}
