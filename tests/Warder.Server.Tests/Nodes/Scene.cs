using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Nodes;

/// <summary>Sets up a small world for one pair of changes, and describes it without the values that differ between runs.</summary>
internal sealed partial class Scene
{
    private static int scenes;

    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly string suffix = $"x{Interlocked.Increment(ref scenes):D5}";

    /// <summary>Creates a scene.</summary>
    public static async Task<Scene> MakeAsync(RunningWarder warder)
    {
        var scene = new Scene();
        async Task Add(string name, string path, object body, string? key = null)
        {
            var made = (await Insist(() => warder.Post(path, body, key))).Is(201);
            scene.names[name] = made.Id;
            if (made.Json.TryGetProperty("value", out var value))
                scene.names[name + "Value"] = value.GetString()!;
        }

        var suffix = scene.suffix;
        var rights = new[] { "keys:write", "keys:read", "directory:write", "permissions:write", "management:write" };
        scene.names["environment"] = (await Insist(() => warder.Get("/environments?order=asc"))).Is(200).Ids[0];
        (await Insist(() => warder.Patch("/environments/" + scene.names["environment"], new { cap_issued_keys = false }))).Is(200);
        await Add("manager", "/management_keys", new { name = suffix, rights });
        await Add("ending", "/management_keys", new { name = suffix, rights, expires_at = "2100-01-01T00:00:00Z" });
        await Add("org", "/organizations", new { name = suffix });
        await Add("user", "/user_management/users", new { email = suffix + "@example.com" });
        await Add("other", "/user_management/users", new { email = "other" + suffix + "@example.com" });
        await Add("permission", "/authorization/permissions", new { slug = "p:" + suffix, name = "p" });
        await Add("role", "/authorization/roles", new { slug = "r-" + suffix, name = "r" });
        await Add("spare", "/authorization/roles", new { slug = "s-" + suffix, name = "s" });
        (await warder.Put($"/authorization/roles/r-{suffix}/permissions", new { permissions = new[] { "p:" + suffix } })).Is(200);
        await Add(
            "member", "/user_management/organization_memberships",
            new { user_id = scene.names["user"], organization_id = scene.names["org"], role_slug = "r-" + suffix });
        await Add("key", $"/user_management/users/{scene.names["user"]}/api_keys",
            new { name = "k", organization_id = scene.names["org"], permissions = new[] { "p:" + suffix } });
        return scene;
    }

    /// <summary>Sends a change to a node; returns its status and code.</summary>
    public async Task<string> Send(RunningWarder warder, Change change)
    {
        var headers = change.IdempotencyKey ? [("Idempotency-Key", "once" + suffix)] : Array.Empty<(string, string)>();
        var reply = await Insist(() => warder.Send(
            change.Method, Fill(change.Path), change.Method == "DELETE" ? null : Fill(change.Body),
            change.AsManager ? names[change.Manager + "Value"] : null, headers));
        // The change was refused at authentication or in its transaction: its key was no longer allowed.
        if (change.AsManager && reply.Status is 401 or 403)
            return "refused";
        var effect = change.IdempotencyKey && reply.Status == 201 ? " " + reply.Id : "";
        return Describe($"{reply.Status} {reply.Code} {string.Join(' ', reply.Status == 422 ? reply.Faults : [])}{effect}");
    }

    /// <summary>Describes the current state, and the end of the log.</summary>
    public async Task<string> Describe(RunningWarder warder, int events)
    {
        var text = new StringBuilder();
        foreach (var path in (string[])
            [
                "/organizations/{org}", "/user_management/users/{user}", "/user_management/users/{other}",
                "/user_management/organization_memberships?organization_id={org}",
                "/authorization/roles/r-{suffix}", "/authorization/roles/s-{suffix}", "/authorization/permissions/p:{suffix}",
                "/api_keys?organization_id={org}&order=asc",
                "/management_keys/{manager}",
            ])
        {
            text.AppendLine(Describe(await Text(warder, Fill(path))));
        }

        var changes = (await warder.Get("/events?order=desc&limit=100")).Is(200)
            .Data.Where(static e => e.GetProperty("event").GetString() != "receipts.recorded");
        foreach (var happened in changes.Take(events).Reverse())
            text.AppendLine(
                happened.GetProperty("event").GetString() + " by "
                    + Describe(happened.GetProperty("context").GetProperty("actor").GetRawText()) + " "
                        + Describe(happened.GetProperty("data").GetRawText()));
        return text.ToString();
    }

    // Sorts keys by name: ids of the same millisecond have no order.
    private static async Task<string> Text(RunningWarder warder, string path)
    {
        var reply = await warder.Get(path);
        return reply.Status == 200 && path.StartsWith("/api_keys?", StringComparison.Ordinal)
            ? string.Join(
                '\n', reply.Data.OrderBy(static key => key.GetProperty("name").GetString(), StringComparer.Ordinal)
                    .Select(static key => key.GetRawText()))
            : reply.Text;
    }

    // A starved node may have lost its lease: then it changes nothing and refuses.
    private static async Task<Reply> Insist(Func<Task<Reply>> call)
    {
        while (true)
        {
            if (await call() is not { Status: 503, Code: "unavailable" } and var reply)
                return reply;
        }
    }

    private string Fill(string text)
    {
        text = text.Replace("{suffix}", suffix, StringComparison.Ordinal);
        foreach (var (name, id) in names)
            text = text.Replace("{" + name + "}", id, StringComparison.Ordinal);
        return text;
    }

    // Replaces ids of the scene by names and other ids by order of appearance; drops times and secrets.
    private string Describe(string text)
    {
        foreach (var (name, id) in names)
            text = text.Replace(id, name, StringComparison.Ordinal);
        text = Time().Replace(text.Replace(suffix, "suffix", StringComparison.Ordinal), "time");
        text = Secret().Replace(text, "$1null");
        text = Digest().Replace(text, "digest");
        var met = new Dictionary<string, string>(StringComparer.Ordinal);
        return Unknown().Replace(text, match =>
        {
            if (!met.TryGetValue(match.Value, out var number))
                met.Add(match.Value, number = $"new{met.Count}");
            return number;
        });
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z")]
    private static partial Regex Time();

    [GeneratedRegex("(\"(?:obfuscated_value|request_id|last_used_at)\":)\"[^\"]*\"")]
    private static partial Regex Secret();

    [GeneratedRegex("\"[0-9a-f]{64}\"")]
    private static partial Regex Digest();

    [GeneratedRegex("[a-z_]+_[0-9A-HJKMNP-TV-Z]{26}")]
    private static partial Regex Unknown();
}

/// <summary>A change of a scene's world; <c>{…}</c> stand for the ids of the scene.</summary>
/// <param name="Name">Names the change in a failure.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path.</param>
/// <param name="Body">The JSON body.</param>
/// <param name="AsManager">Whether the scene's own management key makes the change.</param>
/// <param name="Manager">The name of that management key in the scene.</param>
/// <param name="IdempotencyKey">Whether to send the scene's own idempotency key.</param>
public sealed record Change(
    string Name, string Method, string Path, string Body = "{}", bool AsManager = false, string Manager = "manager",
    bool IdempotencyKey = false);
