using System.Text;
using System.Text.Json;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Events;

/// <summary>Every change writes one event of its type, and no other request writes one.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task Every_change_has_exactly_one_event_of_its_type_with_the_object_as_it_is_now()
    {
        await using var warder = await RunningWarder.StartAsync();
        var seen = new HashSet<string>();
        foreach (var (type, change) in await Changes(warder))
        {
            var before = warder.Changes;
            var reply = await change();
            Assert.True(reply.Status is 200 or 201 or 204, $"{type}: {reply.Status} {reply.Text}");
            Assert.True(warder.Changes == before + 1, $"{type}: {warder.Changes - before} events");
            var last = await warder.LastChange();
            Assert.Equal(type, last.GetProperty("event").GetString());
            seen.Add(type);
            if (reply.Status != 204 && type != "user.erased" && !type.StartsWith("environment", StringComparison.Ordinal))
                Assert.Equal(reply.Json.GetProperty("id").GetString(), last.GetProperty("data").GetProperty("id").GetString());
            if (type.EndsWith(".updated", StringComparison.Ordinal))
                Assert.Equal(JsonValueKind.Object, last.GetProperty("data").GetProperty("previous_attributes").ValueKind);
            var context = last.GetProperty("context");
            Assert.Equal("api", context.GetProperty("actor").GetProperty("source").GetString());
            Assert.StartsWith("management_key_", context.GetProperty("actor").GetProperty("id").GetString());
            Assert.Equal("127.0.0.1", context.GetProperty("source_address").GetString());
            Assert.Equal(reply.Headers.GetValues("X-Request-ID").Single(), context.GetProperty("request_id").GetString());
        }

        var unseen = Types().Except(seen).Except(
            ["api_key.expired", "environment.created", "user.erased", "receipts.recorded", "replicas.barred",
                "clock.accepted", "log.older_accepted"]).ToList();
        Assert.Empty(unseen);
        Assert.Null(warder.VerifyLog().Problem);
    }

    [Fact]
    public async Task Calls_that_change_nothing_leave_no_event()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var revoked = (await warder.Post($"/organizations/{own.Organization}/api_keys", new { name = "r" })).Is(201).Id;
        await warder.Post($"/api_keys/{revoked}/revoke", new { reason = "first" });
        var suspended = (await warder.Post($"/organizations/{own.Organization}/api_keys", new { name = "s" })).Is(201).Id;
        await warder.Post($"/api_keys/{suspended}/suspend", new { reason = "first" });
        var head = warder.Head;

        var again = (await warder.Post($"/api_keys/{revoked}/revoke", new { reason = "second" })).Is(200);
        Assert.Equal("first", again["revocation_reason"]);
        Assert.Equal(
            "first", (await warder.Post($"/api_keys/{suspended}/suspend", new { reason = "second" })).Is(200)["suspension_reason"]);
        (await warder.Post($"/api_keys/{own.Key}/resume")).Is(200);
        (await warder.Patch("/api_keys/" + own.Key, new { name = "k", permissions = new[] { own.Permission } })).Is(200);
        (await warder.Patch("/api_keys/" + own.Key, new { })).Is(200);
        (await warder.Post($"/api_keys/{own.Key}/expire", new { expires_at = (string?)null })).Is(200);
        (await warder.Put($"/user_management/organization_memberships/{own.Membership}/reactivate")).Is(200);
        (await warder.Put("/user_management/organization_memberships/" + own.Membership, new { role_slug = "member" })).Is(200);

        Assert.Equal(head, warder.Head);
    }

    [Fact]
    public async Task Personal_values_are_shown_and_are_not_in_what_is_hashed()
    {
        await using var warder = await RunningWarder.StartAsync();
        string[] texts = ["zoe.\"quoted\"@example.com", "Zoë \\ 🔑", "O'Brien-日本", "new.address@example.com"];
        var user = (await warder.Post("/user_management/users", new { email = texts[0], first_name = texts[1], last_name = texts[2] }))
            .Is(201).Id;
        (await warder.Put("/user_management/users/" + user, new { email = texts[3] })).Is(200);
        (await warder.Delete("/user_management/users/" + user)).Is(204);

        var shown = await warder.Events();
        Assert.Equal(texts[0], Data(shown, "user.created").GetProperty("email").GetString());
        Assert.Equal(texts[1], Data(shown, "user.created").GetProperty("first_name").GetString());
        Assert.Equal(texts[2], Data(shown, "user.deleted").GetProperty("last_name").GetString());
        Assert.Equal(texts[3], Data(shown, "user.updated").GetProperty("email").GetString());
        Assert.Equal(texts[0], Data(shown, "user.updated").GetProperty("previous_attributes").GetProperty("email").GetString());
        var stored = warder.Node.Store.Read(
            session => session.All("SELECT bytes FROM events", row => Encoding.UTF8.GetString((byte[])row.GetValue(0))));
        string[] escaped = [.. texts.Concat(["127.0.0.1"]).SelectMany(text => (string[])[text, JsonSerializer.Serialize(text).Trim('"')])];
        Assert.DoesNotContain(stored, bytes => escaped.Any(text => bytes.Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Erasing_a_deleted_user_leaves_null_where_the_person_was_and_a_log_that_verifies()
    {
        await using var warder = await RunningWarder.StartAsync();
        var user = (await warder.Post("/user_management/users", new { email = "zoe.away@example.com", first_name = "Zoe-Away" }))
            .Is(201).Id;
        Assert.Equal("user_not_deleted", (await warder.Post($"/user_management/users/{user}/erase")).Is(409).Code);
        (await warder.Delete("/user_management/users/" + user)).Is(204);
        Assert.Equal("4", (await warder.Post($"/user_management/users/{user}/erase")).Is(200)["values_erased"]);
        var head = warder.Head;
        Assert.Equal("0", (await warder.Post($"/user_management/users/{user}/erase")).Is(200)["values_erased"]);

        Assert.Equal(head, warder.Head);
        var events = await warder.Events();
        // WorkOS' models require a text.
        Assert.Equal("", Data(events, "user.created").GetProperty("email").GetString());
        Assert.Equal(JsonValueKind.Null, Data(events, "user.deleted").GetProperty("first_name").ValueKind);
        Assert.DoesNotContain("away", string.Concat(events.Select(e => e.GetRawText())), StringComparison.OrdinalIgnoreCase);
        Assert.Null(warder.VerifyLog().Problem);
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task What_was_erased_is_in_no_file_once_the_server_has_stopped()
    {
        using var folder = new DataFolder();
        await using (var warder = await RunningWarder.StartAsync(folder))
        {
            // Other rows surround them, so that no whole page is skipped.
            for (var i = 0; i < 40; i++)
                (await warder.Post("/user_management/users", new { email = $"before.{i}@example.com", first_name = "Somebody" })).Is(201);
            var user = (await warder.Post("/user_management/users", new { email = "zoe.away@example.com", first_name = "Zoe-Away" }))
                .Is(201).Id;
            for (var i = 0; i < 40; i++)
                (await warder.Post("/user_management/users", new { email = $"after.{i}@example.com", first_name = "Somebody" })).Is(201);
            Assert.NotEmpty(folder.FilesWith("zoe.away@example.com"));
            (await warder.Delete("/user_management/users/" + user)).Is(204);
            (await warder.Post($"/user_management/users/{user}/erase")).Is(200);
        }

        Assert.Empty(folder.FilesWith("zoe.away@example.com"));
        Assert.Empty(folder.FilesWith("Zoe-Away"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task Customers_metadata_that_looks_like_a_personal_value_is_refused_and_named(string value)
    {
        await using var warder = await RunningWarder.StartAsync();
        foreach (var (path, body) in ((string, object)[])
            [
                ("/organizations", new { name = "o", metadata = new { personal_sha256 = value } }),
                ("/user_management/users", new { email = "a@example.com", metadata = new { personal_sha256 = value } }),
            ])
        {
            var reply = await warder.Post(path, body);
            reply.Is(422);
            Assert.Contains("\"field\":\"metadata\"", reply.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Refused_requests_write_nothing()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var head = warder.Head;
        var state = Dump(warder);
        var sent = 0;
        foreach (var (method, path, body) in RefusedRequests.All(own).Concat(RefusedRequests.HalfGood(own)))
        {
            var reply = await warder.Send(method, path, body, null, ("Idempotency-Key", "k" + sent++));
            Assert.True(reply.Status is >= 400 and < 500, $"{method} {path} {body}: {reply.Status} {reply.Text}");
        }

        Assert.True(sent > 300, $"Only {sent} were sent.");
        Assert.Equal(head, warder.Head);
        Assert.Equal(state, Dump(warder));
    }

    private static string Dump(RunningWarder warder) => warder.Node.Store.ReadSnapshot(session =>
    {
        var text = new StringBuilder();
        var tables = session.All(
            DataFolder.OnPostgres
                ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
                : "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1",
            row => row.GetString(0));
        // Last use is not state, and nodes renew leases at any time.
        foreach (var table in tables.Where(name => name is not ("management_key_secrets" or "nodes")))
        {
            foreach (var row in session.All(
                $"SELECT * FROM {table}",
                row => string.Join(
                    '|',
                    Enumerable.Range(0, row.FieldCount).Select(
                        i => row.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : row.GetValue(i)))))
                text.AppendLine(row);
        }

        return text.ToString();
    });

    private static IEnumerable<string> Types()
        => typeof(Core.Events.EventTypes).GetFields().Select(field => (string)field.GetValue(null)!);

    private static JsonElement Data(List<JsonElement> events, string type)
        => events.Last(e => e.GetProperty("event").GetString() == type).GetProperty("data");

    private static async Task<List<(string Type, Func<Task<Reply>> Change)>> Changes(RunningWarder warder)
    {
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var managed = (await warder.Post("/management_keys", new { name = "m", rights = Array.Empty<string>() })).Is(201).Id;
        var environment = (await warder.Get("/environments")).Ids[0];
        const string Members = "/user_management/organization_memberships/";
        var (key, user, role) = ("/api_keys/" + own.Key, "/user_management/users/" + own.User, "/authorization/roles/" + own.Role);
        return
        [
            ("api_key.created", () => warder.Post($"/organizations/{own.Organization}/api_keys", new { name = "k" })),
            ("api_key.created", () => warder.Post(user + "/api_keys", new { name = "k", organization_id = own.Organization })),
            ("api_key.updated", () => warder.Patch(key, new { name = "new" })),
            ("api_key.updated", () => warder.Post(key + "/expire", new { expires_at = "2999-01-01T00:00:00Z" })),
            ("api_key.updated", () => warder.Post(key + "/expire", new { expires_at = (string?)null })),
            ("api_key.rotated", () => warder.Post(key + "/rotate")),
            ("api_key.secret_ended", () => EndFirstSecret(warder, key)),
            ("api_key.suspended", () => warder.Post(key + "/suspend", new { reason = "looking" })),
            ("api_key.resumed", () => warder.Post(key + "/resume")),
            ("api_key.revoked", () => warder.Post(key + "/revoke", new { reason = "leaked" })),
            ("api_key.expired", () => warder.Post($"/api_keys/{own.UserKey}/expire")),
            ("api_key.revoked", () => warder.Delete("/api_keys/" + own.UserKey)),
            ("organization.created", () => warder.Post("/organizations", new { name = "o" })),
            ("organization.updated", () => warder.Put("/organizations/" + own.Organization, new { name = "new" })),
            ("user.created", () => warder.Post("/user_management/users", new { email = "new@example.com" })),
            ("user.updated", () => warder.Put(user, new { last_name = "new" })),
            ("organization_membership.updated", () => warder.Put(Members + own.Membership, new { role_slug = own.Role })),
            ("organization_membership.updated", () => warder.Put(Members + own.Membership + "/deactivate")),
            ("organization_membership.updated", () => warder.Put(Members + own.Membership + "/reactivate")),
            ("organization_membership.deleted", () => warder.Delete(Members + own.Membership)),
            ("organization_membership.created",
            () => warder.Post(Members.TrimEnd('/'), new { user_id = own.User, organization_id = own.Organization })),
            ("permission.created", () => warder.Post("/authorization/permissions", new { slug = "new", name = "n" })),
            ("permission.updated", () => warder.Patch("/authorization/permissions/new", new { name = "m" })),
            ("role.created", () => warder.Post("/authorization/roles", new { slug = "new", name = "n" })),
            ("role.updated", () => warder.Patch("/authorization/roles/new", new { name = "m" })),
            ("role.updated", () => warder.Put(role + "/permissions", new { permissions = new[] { "new" } })),
            ("role.updated", () => warder.Post(role + "/permissions", new { slug = own.Permission })),
            ("role.updated", () => warder.Delete(role + "/permissions/new")),
            ("role.deleted", () => warder.Delete("/authorization/roles/new")),
            ("permission.deleted", () => warder.Delete("/authorization/permissions/new")),
            ("management_key.created", () => warder.Post("/management_keys", new { name = "m", rights = Array.Empty<string>() })),
            ("management_key.updated", () => warder.Patch("/management_keys/" + managed, new { name = "new" })),
            ("management_key.rotated", () => warder.Post($"/management_keys/{managed}/rotate")),
            ("management_key.secret_ended", () => EndFirstSecret(warder, "/management_keys/" + managed)),
            ("management_key.revoked", () => warder.Post($"/management_keys/{managed}/revoke")),
            ("import_scheme.created", () => warder.Post("/import_schemes", new { prefix = "log_", length = 32, alphabet = "hex" })),
            ("import_scheme.deleted", () => warder.Delete("/import_schemes/hex:32:log_")),
            ("signing_key.created", () => warder.Post("/signing_keys")),
            ("environment.updated", () => warder.Patch("/environments/" + environment, new { name = "new" })),
            ("user.deleted", () => warder.Delete(user)),
            ("user.erased", () => warder.Post(user + "/erase")),
            ("organization.deleted", () => warder.Delete("/organizations/" + own.Organization)),
        ];
    }

    private static async Task<Reply> EndFirstSecret(RunningWarder warder, string key)
    {
        var secrets = (await warder.Get(key)).Is(200).Json.GetProperty("secrets").EnumerateArray();
        return await warder.Delete($"{key}/secrets/{secrets.First().GetProperty("id").GetString()}");
    }
}
