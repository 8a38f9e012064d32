using System.Text;
using System.Text.Json;
using Warder.Engine.Changes;
using Warder.Server.Http;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Http;

namespace Warder.Server.Tests.Idempotency;

public sealed class IdempotencyTests
{
    [Fact]
    public async Task Thirty_two_concurrent_twins_have_one_effect_and_one_answer()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        foreach (var (path, body) in Creating(own))
        {
            var changes = warder.Changes;
            var replies = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Send(warder, path, body, "twin")));

            Assert.Single(replies.Select(reply => reply.Text).Distinct());
            Assert.All(replies, reply => Assert.True(reply.Status is 200 or 201, reply.Text));
            Assert.InRange(warder.Changes - changes, 1, path.EndsWith("/imports", StringComparison.Ordinal) ? 2 : path == "/environments" ? 4 : 1);
        }
    }

    [Fact]
    public async Task Every_route_that_creates_or_shows_a_secret_repeats_its_answer()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        foreach (var route in RouteTable.ForManagementKeys.Where(route => route.Method == "POST" && (route.Status == 201 || route.Pattern.EndsWith("/rotate", StringComparison.Ordinal))))
        {
            Assert.True(route.Idempotent, route.Pattern);
            var path = own.Path(route.Pattern);
            object body = route.Pattern == "/user_management/organization_memberships"
                ? new { user_id = (await warder.Post("/user_management/users", new { email = "member@example.com" })).Is(201).Id, organization_id = own.Organization }
                : Bodies.For(route, own)!;
            var first = await Send(warder, path, body, "k");
            Assert.True(first.Status is 200 or 201, first.Text);
            var changes = warder.Changes;
            var again = await Send(warder, path, body, "k");
            Assert.Equal((first.Status, first.Text), (again.Status, again.Text));
            Assert.Equal(changes, warder.Changes);
        }
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused_and_has_no_effect()
    {
        await using var warder = await RunningWarder.StartAsync();
        var first = (await Send(warder, "/organizations", new { name = "a" }, "k")).Is(201);
        var head = warder.Head;
        foreach (var body in (string[])["{\"name\":\"b\"}", "{\"name\":\"a\" }", "{}", "{\"name\":\"a\",\"external_id\":\"x\"}"])
        {
            var reply = await Send(warder, "/organizations", body, "k");
            reply.Is(422);
            if (body != "{}")
                Assert.Equal("idempotency_key_reused", reply.Code);
        }

        Assert.Equal(head, warder.Head);
        Assert.Equal(first.Text, (await Send(warder, "/organizations", new { name = "a" }, "k")).Text);
    }

    [Fact]
    public async Task Refusals_are_not_kept()
    {
        await using var warder = await RunningWarder.StartAsync();
        (await Send(warder, "/organizations", new { }, "k")).Is(422);
        var made = (await Send(warder, "/organizations", new { name = "a" }, "k")).Is(201).Id;
        var body = new { name = "k", permissions = new[] { "p" } };
        (await Send(warder, $"/organizations/{made}/api_keys", body, "k")).Is(422);
        await warder.Post("/authorization/permissions", new { slug = "p", name = "p" });
        (await Send(warder, $"/organizations/{made}/api_keys", body, "k")).Is(201);
        var user = new { user_id = "user_01KZZZZZZZZZZZZZZZZZZZZZZZ", organization_id = made };
        (await Send(warder, "/user_management/organization_memberships", user, "m")).Is(422);
        (await Send(warder, "/authorization/permissions", new { slug = "p", name = "p" }, "c")).Is(409);
        await warder.Delete("/authorization/permissions/p");
        (await Send(warder, "/authorization/permissions", new { slug = "p", name = "p" }, "c")).Is(201);
    }

    [Fact]
    public async Task A_key_counts_for_one_management_key_one_method_and_one_path()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var other = await warder.Grant(null, "keys:write");
        var path = $"/organizations/{own.Organization}/api_keys";
        var second = (await warder.Post("/organizations", new { name = "second" })).Is(201).Id;
        var replies = new[]
        {
            await Send(warder, path, new { name = "k" }, "k"),
            await Send(warder, path, new { name = "k" }, "K"),
            await Send(warder, path, new { name = "k" }, "k", other),
            await Send(warder, $"/organizations/{second}/api_keys", new { name = "k" }, "k"),
        };

        Assert.Equal(4, replies.Select(reply => reply.Is(201).Value).Distinct().Count());
    }

    [Fact]
    public async Task Every_spelling_of_one_target_is_one_scope()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var wrong = new List<string>();
        foreach (var route in RouteTable.ForManagementKeys.Where(static route => route.Idempotent))
        {
            var path = own.Path(route.Pattern);
            var body = JsonSerializer.Serialize(route.Pattern == "/user_management/organization_memberships"
                ? new { user_id = (await warder.Post("/user_management/users", new { email = "member@example.com" })).Is(201).Id, organization_id = own.Organization }
                : Bodies.For(route, own) ?? new { });
            var first = await SendRaw(warder, path, body);
            Assert.True(first.Status is 200 or 201, path + first.Text);
            var changes = warder.Changes;
            foreach (var spelling in Spellings(route.Pattern, path))
            {
                if (await SendRaw(warder, spelling, body) != first)
                    wrong.Add(spelling);
            }

            if (warder.Changes != changes)
                wrong.Add($"{path}: {warder.Changes - changes} more changes");
            var other = await SendRaw(warder, path.ToUpperInvariant()[..3] + path[3..] + "/", body + " ");
            if (other.Status != 422 || !other.Text.Contains("idempotency_key_reused", StringComparison.Ordinal))
                wrong.Add($"{path} with another body: {other}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Values_in_a_path_are_compared_exactly()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        const string Body = """{"name":"k"}""";
        Assert.Equal(201, (await SendRaw(warder, $"/organizations/{own.Organization}/api_keys", Body)).Status);
        Assert.Equal(404, (await SendRaw(warder, $"/organizations/{own.Organization.ToLowerInvariant()}/api_keys", Body)).Status);
    }

    // The route's own segments in another case, a slash at the end, an empty query, and letters percent-encoded in the route's segments and
    // in values.
    private static IEnumerable<string> Spellings(string pattern, string path)
    {
        yield return path + "/";
        yield return path + "?";
        yield return string.Join('/', pattern.Split('/').Zip(path.Split('/'), static (part, value) => part.StartsWith('{') ? value : value.ToUpperInvariant()));
        yield return string.Join('/', path.Split('/').Select(static part => part.Length == 0 ? part : $"%{(int)part[0]:x2}{part[1..]}"));
        yield return string.Join('/', path.Split('/').Select(static part => part.Length == 0 ? part : $"{part[..^1]}%{(int)part[^1]:X2}")) + "/?";
    }

    // A client library would spell the target its own way.
    private static async Task<(int Status, string Text)> SendRaw(RunningWarder warder, string target, string body)
    {
        await using var connection = await RawConnection.OpenAsync(warder);
        await connection.Send(RawConnection.Post(target, warder.Key) + $"Idempotency-Key: spelled\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var (status, text) = await connection.Answer();
        return (status, System.Text.RegularExpressions.Regex.Replace(text, "\"request_id\":\"[^\"]*\"", ""));
    }

    [Fact]
    public async Task A_repeated_answer_survives_a_restart_and_is_on_no_disk_in_a_readable_form()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var path = $"/organizations/{own.Organization}/api_keys";
        var first = (await Send(warder, path, new { name = "k" }, "a-long-idempotency-key")).Is(201);
        await warder.RestartAsync();

        Assert.Equal(first.Text, (await Send(warder, path, new { name = "k" }, "a-long-idempotency-key")).Is(201).Text);
        foreach (var secret in (string[])[first.Value, first.Value["wdr_live_".Length..], "a-long-idempotency-key"])
        {
            Assert.Empty(warder.Folder.FilesWith(secret));
            Assert.Empty(warder.Folder.FilesWith(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))[..20]));
        }
    }

    [Fact]
    public async Task A_rotated_management_key_does_not_read_what_its_old_secret_was_answered()
    {
        await using var warder = await RunningWarder.StartAsync();
        var made = (await warder.Post("/management_keys", new { name = "m", rights = new[] { "directory:write" } })).Is(201);
        var first = (await Send(warder, "/organizations", new { name = "a" }, "k", made.Value)).Is(201);
        var fresh = (await warder.Post($"/management_keys/{made.Id}/rotate")).Is(200).Value;
        var head = warder.Head;

        Assert.Equal("idempotent_answer_unreadable", (await Send(warder, "/organizations", new { name = "a" }, "k", fresh)).Is(409).Code);
        Assert.Equal(first.Text, (await Send(warder, "/organizations", new { name = "a" }, "k", made.Value)).Text);
        Assert.Equal(head, warder.Head);
    }

    [Fact]
    public async Task The_scheme_of_the_authorization_header_may_be_spelled_otherwise_when_repeating()
    {
        await using var warder = await RunningWarder.StartAsync();
        var first = (await Send(warder, "/organizations", new { name = "a" }, "k")).Is(201);
        var again = await warder.Send("POST", "/organizations", new { name = "a" }, "", ("Idempotency-Key", "k"), ("Authorization", "bearer " + warder.Key));
        Assert.Equal(first.Text, again.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    public async Task A_malformed_key_is_refused(string key)
    {
        await using var warder = await RunningWarder.StartAsync();
        var head = warder.Head;
        var reply = await Send(warder, "/organizations", new { name = "a" }, key);
        Assert.Contains(reply.Status, (int[])[400]);
        Assert.Equal(head, warder.Head);
    }

    [Fact]
    public async Task The_longest_key_has_255_characters()
    {
        await using var warder = await RunningWarder.StartAsync();
        (await Send(warder, "/organizations", new { name = "a" }, new string('x', 255))).Is(201);
        (await Send(warder, "/organizations", new { name = "a" }, new string('x', 256))).Is(400);
    }

    private static Task<Reply> Send(RunningWarder warder, string path, object body, string key, string? managementKey = null)
        => warder.Send("POST", path, body, managementKey, ("Idempotency-Key", key));

    private static List<(string Path, object Body)> Creating(Fixture own) =>
    [
        ($"/organizations/{own.Organization}/api_keys", new { name = "k" }),
        ($"/user_management/users/{own.User}/api_keys", new { name = "k", organization_id = own.Organization }),
        ($"/api_keys/{own.Key}/rotate", new { }),
        ("/api_keys/imports", Bodies.Import(new { type = "organization", id = own.Organization })),
        ("/organizations", new { name = "o", external_id = "twin" }),
        ("/user_management/users", new { email = "twin@example.com" }),
        ("/authorization/permissions", new { slug = "twin", name = "t" }),
        ("/authorization/roles", new { slug = "twin", name = "t" }),
        ("/management_keys", new { name = "m", rights = new[] { "keys:read" } }),
        ($"/management_keys/{own.ManagementKeyId}/rotate", new { }),
        ("/environments", new { name = "e", key_prefix = "twin" }),
    ];
}
