using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Server.Http;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Http;

namespace Warder.Server.Tests.Events;

/// <summary>Builds requests with one fault each from the good bodies of the route table.</summary>
internal static class RefusedRequests
{
    public static IEnumerable<(string Method, string Path, string? Body)> All(Fixture own)
    {
        foreach (var route in RouteTable.ForManagementKeys.Where(route => route.Method != "GET"))
        {
            var path = own.Path(route.Pattern);
            yield return (route.Method, path + "?dryrun=true", Good(route, own)?.ToJsonString());
            if (path.Contains('_', StringComparison.Ordinal) && route.Pattern.Contains('{', StringComparison.Ordinal))
                yield return (route.Method, Fixture.Unknown.Path(route.Pattern), Good(route, own)?.ToJsonString());
            if (Good(route, own) is null)
                continue;
            foreach (var body in Broken(route, own))
                yield return (route.Method, path, body);
        }
    }

    /// <summary>Builds requests that fail after a part of them has run.</summary>
    public static IEnumerable<(string Method, string Path, string? Body)> HalfGood(Fixture own)
    {
        var import = JsonNode.Parse(JsonSerializer.Serialize(Bodies.Import(new { type = "organization", id = own.Organization })))!;
        var second = import["api_keys"]![0]!.DeepClone();
        import["api_keys"]!.AsArray().Add(second);
        yield return ("POST", "/api_keys/imports", import.ToJsonString());
        second["value_sha256"] = new string('c', 64);
        second["owner"]!["id"] = Fixture.Unknown.Organization;
        yield return ("POST", "/api_keys/imports", import.ToJsonString());
        var slugs = JsonSerializer.Serialize(new { permissions = new[] { own.Permission, "p:unknown" } });
        yield return ("PUT", $"/authorization/roles/{own.Role}/permissions", slugs);
        yield return ("POST", $"/authorization/roles/{own.Role}/permissions", slugs);
        yield return ("PATCH", "/api_keys/" + own.Key, slugs);
        yield return (
            "POST", $"/organizations/{own.Organization}/api_keys", slugs.Replace("{", "{\"name\":\"k\",", StringComparison.Ordinal));
        yield return ("DELETE", "/authorization/roles/member", null);
        yield return ("POST", "/authorization/permissions", $"{{\"slug\":\"{own.Permission}\",\"name\":\"n\"}}");
        yield return ("POST", "/user_management/organization_memberships",
            $"{{\"user_id\":\"{own.User}\",\"organization_id\":\"{own.Organization}\"}}");
        yield return ("POST", "/environments", "{\"name\":\"n\",\"key_prefix\":\"wdr_live\"}");
        yield return ("PATCH", "/api_keys/" + own.Key, "{\"name\":\"new\",\"responsible_user_id\":\"user_01KZZZZZZZZZZZZZZZZZZZZZZZ\"}");
    }

    private static IEnumerable<string> Broken(Route route, Fixture own)
    {
        var good = Good(route, own)!;
        yield return good.ToJsonString()[..^1];
        yield return "[]";
        yield return "null";
        yield return "\"x\"";
        var typo = Good(route, own)!;
        typo["expire_at"] = "2999-01-01T00:00:00Z";
        yield return typo.ToJsonString();
        foreach (var (name, _) in good)
        {
            // Twice the same member; then values of every wrong type.
            yield return $"{{{JsonSerializer.Serialize(name)}:{good[name]!.ToJsonString()},{good.ToJsonString()[1..]}";
            foreach (var value in (string[])["{\"a\":{}}", "true", "1.5", "\"\\u0000\"", "\"\\ud800\""])
            {
                var changed = good.ToJsonString();
                yield return changed.Replace(good[name]!.ToJsonString(), value, StringComparison.Ordinal);
            }
        }
    }

    private static JsonObject? Good(Route route, Fixture own)
        => Bodies.For(route, own) is { } body ? JsonNode.Parse(JsonSerializer.Serialize(body))!.AsObject() : null;
}
