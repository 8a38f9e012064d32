using System.Text.Json;
using System.Text.RegularExpressions;
using Warder.Server.Http;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Http;

public sealed partial class UnchangedTests
{
    private const string End = "2099-01-01T00:00:00.000Z";
    private const string Members = "/user_management/organization_memberships";

    // Route, the object's route, a body that states what is so already.
    private static readonly (string Method, string Pattern, string Body)[] Same =
    [
        ("PUT", "/organizations/{organization}", """{"name":"o","external_id":"x","metadata":{"b":"2","a":"1"}}"""),
        ("PUT", "/organizations/{organization}", "{}"),
        ("PUT", "/user_management/users/{user}",
            """{"email":"a@example.com","first_name":"A","last_name":null,"email_verified":true,"external_id":"u","metadata":{"a":"1"}}"""),
        ("PUT", Members + "/{membership}", """{"role_slug":"r"}"""), ("PUT", Members + "/{membership}/reactivate", ""),
        ("PATCH", "/authorization/permissions/p", """{"name":"P","description":null,"allowed_owner_types":["user","organization"]}"""),
        ("PATCH", "/authorization/roles/r", """{"name":"R","description":"d"}"""),
        ("PUT", "/authorization/roles/r/permissions", """{"permissions":["p","q"]}"""),
        ("POST", "/authorization/roles/r/permissions", """{"permissions":["q"]}"""),
        ("POST", "/authorization/roles/r/permissions", """{"slug":"p"}"""),
        ("PATCH", "/api_keys/{key}",
            """{"name":"k","permissions":["p"],"purpose":"why","responsible_user_id":null,"expires_at":"2099-01-01T00:00:00.000Z"}"""),
        ("PATCH", "/api_keys/{key}", "{}"), ("POST", "/api_keys/{key}/expire", """{"expires_at":"2099-01-01T00:00:00.000Z"}"""),
        ("POST", "/api_keys/{key}/resume", ""),
        ("PATCH", "/management_keys/{management_key}", """{"name":"m","rights":["keys:read"],"expires_at":"2099-01-01T00:00:00.000Z"}"""),
        ("PATCH", "/environments/{environment}", """{"name":"e","cap_issued_keys":false}"""),
    ];

    [Fact]
    public void Every_route_that_changes_an_object_is_tested_here()
    {
        // A change that ends or makes something is none of these.
        string[] others =
        [
            "POST /api_keys/{}/rotate", "POST /management_keys/{}/rotate", "POST /user_management/users/{}/erase", "POST /signing_keys",
        ];
        Assert.Equal(
            RouteTable.ForManagementKeys
                .Where(static route => route is { Method: "PUT" or "PATCH" or "POST", IsChange: true, Ends: false, Status: 200 })
                .Select(static route => $"{route.Method} {Parameter().Replace(route.Pattern, "{}")}").Except(others).Order(),
            Same.Select(static row => $"{row.Method} {Known().Replace(Parameter().Replace(row.Pattern, "{}"), "/{}")}")
                .Append("POST /api_keys/{}/expire").Distinct().Except(["POST /api_keys/{}/expire"]).Order());
    }

    [Fact]
    public async Task A_change_that_changes_nothing_makes_no_event_and_no_receipt()
    {
        await using var warder = await RunningWarder.StartAsync();
        var ids = await Stage(warder);
        foreach (var (method, pattern, body) in Same)
        {
            var path = Parameter().Replace(pattern, match => ids[match.Value[1..^1]]);
            var shown = method == "POST" && !pattern.StartsWith("/authorization", StringComparison.Ordinal)
                ? path[..path.LastIndexOf('/')]
                : path.Replace("/permissions", "", StringComparison.Ordinal).Replace("/reactivate", "", StringComparison.Ordinal);
            if (pattern.StartsWith("/authorization/permissions", StringComparison.Ordinal))
                shown = path;
            var (before, events) = ((await warder.Get(shown)).Is(200).Text, warder.Changes);
            var reply = (await warder.Send(method, path, body.Length == 0 ? null : body)).Is(200);
            Assert.True(events == warder.Changes, $"{method} {pattern} made an event.");
            Assert.False(reply.Headers.Contains("Warder-Receipt"), pattern);
            Assert.Equal(before, (await warder.Get(shown)).Is(200).Text);
            Assert.Equal(Updated(before), Updated(reply.Text));
        }
    }

    private static string? Updated(string json) => JsonDocument.Parse(json).RootElement.GetProperty("updated_at").GetString();

    private static async Task<Dictionary<string, string>> Stage(RunningWarder warder)
    {
        foreach (var slug in (string[])["p", "q"])
        {
            (await warder.Post(
                "/authorization/permissions",
                new { slug, name = slug.ToUpperInvariant(), allowed_owner_types = new[] { "organization", "user" } })).Is(201);
        }

        (await warder.Post("/authorization/roles", new { slug = "r", name = "R", description = "d" })).Is(201);
        (await warder.Put("/authorization/roles/r/permissions", new { permissions = new[] { "p", "q" } })).Is(200);
        var organization = (await warder.Post(
            "/organizations", new { name = "o", external_id = "x", metadata = new { a = "1", b = "2" } })).Is(201).Id;
        var user = (await warder.Post("/user_management/users", new
        {
            email = "a@example.com", first_name = "A", email_verified = true, external_id = "u", metadata = new { a = "1" },
        })).Is(201).Id;
        var key = (await warder.Post($"/organizations/{organization}/api_keys", new
        {
            name = "k", permissions = new[] { "p" }, purpose = "why", expires_at = End,
        })).Is(201).Id;
        var environment = (await warder.Get("/environments")).Is(200).Ids.Single();
        (await warder.Patch("/environments/" + environment, new { name = "e" })).Is(200);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["organization"] = organization, ["user"] = user, ["key"] = key, ["environment"] = environment,
            ["membership"] = (await warder.Post(
                Members, new { user_id = user, organization_id = organization, role_slug = "r" })).Is(201).Id,
            ["management_key"] = (await warder.Post(
                "/management_keys", new { name = "m", rights = new[] { "keys:read" }, expires_at = End })).Is(201).Id,
        };
    }

    [GeneratedRegex(@"\{\w+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"(?<=^/authorization/\w+)/[pr]\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Known();
}
