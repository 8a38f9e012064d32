using Warder.Core.Management;
using Warder.Server.Http;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Http;

namespace Warder.Server.Tests.Environments;

/// <summary>Nothing crosses the border of an environment: an id of another environment gets the answer of an unknown id.</summary>
public sealed class IsolationTests
{
    private static IEnumerable<Route> Bound
        => RouteTable.ForManagementKeys.Where(route => route.Right is not (Rights.EnvironmentsRead or Rights.EnvironmentsWrite));

    [Fact]
    public async Task In_every_path_the_ids_of_another_environment_answer_as_unknown_ones_do()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (here, there) = await TwoWorlds(warder);
        var wrong = new List<string>();
        var compared = 0;
        foreach (var route in Bound)
        {
            foreach (var parameter in Parameters(route.Pattern))
            {
                Dictionary<string, string> Substitute(Fixture from) => new() { [parameter] = from.For(route.Pattern, parameter) };
                var body = Bodies.For(route, here);
                var foreign = await warder.Send(route.Method, here.Path(route.Pattern, Substitute(there)), body);
                var unknown = await warder.Send(route.Method, here.Path(route.Pattern, Substitute(Fixture.Unknown)), body);
                compared++;
                if (Normal(foreign) != Normal(unknown) || foreign.Status != 404)
                    wrong.Add($"{route.Method} {route.Pattern} {{{parameter}}}: {Normal(foreign)} / {Normal(unknown)}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(compared >= 40, $"Only {compared} were compared.");
        await Untouched(warder, there);
    }

    [Fact]
    public async Task In_every_body_and_header_the_ids_of_another_environment_answer_as_unknown_ones_do()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (here, there) = await TwoWorlds(warder);
        var wrong = new List<string>();
        var count = References(here, here).Count;
        for (var i = 0; i < count; i++)
        {
            var (method, path, foreign, onBehalfOf) = References(here, there)[i];
            var unknown = References(here, Fixture.Unknown)[i];
            var (first, second) = (await Send(foreign, onBehalfOf), await Send(unknown.Body, unknown.OnBehalfOf));
            if (Normal(first) != Normal(second) || first.Status is < 400 or >= 500)
                wrong.Add($"{method} {path} #{i}: {Normal(first)} / {Normal(second)}");

            Task<Reply> Send(object body, string? person)
                => person is null
                    ? warder.Send(method, path, body)
                    : warder.Send(method, path, body, null, ("Warder-On-Behalf-Of", person));
        }

        Assert.Empty(wrong);
        await Untouched(warder, there);
    }

    [Fact]
    public async Task The_same_bodies_with_ids_of_ones_own_environment_are_accepted()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (here, _) = await TwoWorlds(warder);
        foreach (var (method, path, body, onBehalfOf) in References(here, here))
        {
            (string, string)[] headers = onBehalfOf is null ? [] : [("Warder-On-Behalf-Of", onBehalfOf)];
            var reply = await warder.Send(method, path, body, null, headers);
            // The user is already a member; the route checks membership after the ids.
            Assert.True(
                reply.Status is 200 or 201 || reply.Code is "organization_membership_already_exists" or "api_key_already_imported",
                reply.Text);
        }
    }

    [Fact]
    public async Task In_every_list_a_cursor_of_another_environment_is_refused_as_an_unknown_one_is()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (here, there) = await TwoWorlds(warder);
        var wrong = new List<string>();
        foreach (var route in Bound.Where(IsPaged))
        {
            foreach (var cursor in route.Pattern == "/events" ? (string[])["after"] : ["after", "before"])
            {
                var path = here.Path(route.Pattern) + $"?{cursor}=";
                var own = await warder.Get(path + CursorOf(route.Pattern, here));
                var foreign = await warder.Get(path + CursorOf(route.Pattern, there));
                var unknown = await warder.Get(path + CursorOf(route.Pattern, Fixture.Unknown));
                if (own.Status != 200 || foreign.Status != 422 || foreign.Code != "invalid_cursor" || Normal(foreign) != Normal(unknown))
                    wrong.Add($"{route.Pattern} {cursor}: {Normal(own)} / {Normal(foreign)} / {Normal(unknown)}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task In_every_filter_the_ids_of_another_environment_find_what_unknown_ones_find()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (here, there) = await TwoWorlds(warder);
        var wrong = new List<string>();
        foreach (var path in Filters(here))
        {
            var own = await warder.Get(path(here));
            var foreign = await warder.Get(path(there));
            var unknown = await warder.Get(path(Fixture.Unknown));
            if (own.Status != 200
                || own.Data.Count == 0
                || Normal(foreign) != Normal(unknown)
                || (foreign.Status == 200 && foreign.Data.Count > 0))
                wrong.Add($"{path(there)}: {Normal(own)} / {Normal(foreign)} / {Normal(unknown)}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task No_list_shows_anything_of_another_environment()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (here, there) = await TwoWorlds(warder);
        string[] foreign =
        [
            there.Organization, there.User, there.Membership, there.Key, there.UserKey, there.ManagementKeyId, there.Event, there.RoleId,
            there.RolePermissionId, there.Permission, there.Role, there.OrganizationExternalId, there.UserExternalId, there.Receipt,
            there.ImportScheme,
        ];
        foreach (var route in Bound.Where(route => route is { Method: "GET", Response: not null }))
        {
            var reply = await warder.Get(here.Path(route.Pattern) + (IsPaged(route) ? "?limit=100" : ""));
            reply.Is(200);
            Assert.DoesNotContain(foreign, id => reply.Text.Contains($"\"{id}\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_key_of_another_environment_is_told_by_its_prefix_alone()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (here, there) = await TwoWorlds(warder);

        Assert.Equal("wrong_environment", await warder.Decide(there.KeyValue));
        Assert.Equal("allowed", await warder.Decide(here.KeyValue));
        var back = await warder.Post("/api_keys/validations", new { value = here.KeyValue }, there.ManagementKey);
        Assert.Equal("{\"api_key\":null,\"decision\":{\"allow\":false,\"code\":\"wrong_environment\"}}", back.Is(200).Text);
        Assert.Equal("not_found", await warder.Decide(there.ManagementKey));
    }

    [Fact]
    public async Task The_same_digest_imported_into_two_environments_is_two_keys()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (here, there) = await TwoWorlds(warder);
        const string Value = "old_0123456789abcdefghijklmnopqrstuv";
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Value)));
        var first = (await warder.Post(
            "/api_keys/imports", Bodies.Import(new { type = "organization", id = here.Organization }, digest: digest))).Is(201).Ids[0];
        (await warder.Post(
            "/api_keys/imports", Bodies.Import(new { type = "organization", id = there.Organization }, digest: digest),
            there.ManagementKey)).Is(201);

        Assert.Equal("allowed", await warder.Decide(Value));
        (await warder.Delete("/api_keys/" + first)).Is(204);

        Assert.Equal("revoked", await warder.Decide(Value));
        var other = await warder.Post("/api_keys/validations", new { value = Value }, there.ManagementKey);
        Assert.True(other.Json.GetProperty("decision").GetProperty("allow").GetBoolean());
    }

    private static async Task<(Fixture Here, Fixture There)> TwoWorlds(RunningWarder warder)
    {
        var other = await warder.AddEnvironment("other");
        return (await Fixture.MakeAsync(warder, warder.Key, "here"), await Fixture.MakeAsync(warder, other, "there"));
    }

    // Each body member that names something: first with the given ids, then with the ids of the other environment.
    private static List<(string Method, string Path, object Body, string? OnBehalfOf)> References(Fixture here, Fixture named)
    {
        var ofOrganization = $"/organizations/{here.Organization}/api_keys";
        var ofUser = $"/user_management/users/{here.User}/api_keys";
        const string Members = "/user_management/organization_memberships";
        var permissions = new[] { named.Permission };
        return
        [
            ("POST", ofOrganization, new { name = "k", permissions }, null),
            ("POST", ofOrganization, new { name = "k", responsible_user_id = named.User }, null),
            ("POST", ofOrganization, new { name = "k" }, named.User),
            ("POST", ofUser, new { name = "k", organization_id = named.Organization }, null),
            ("POST", ofUser, new { name = "k", organization_id = here.Organization, permissions }, null),
            ("PATCH", "/api_keys/" + here.Key, new { permissions }, null),
            ("PATCH", "/api_keys/" + here.Key, new { responsible_user_id = named.User }, null),
            ("POST", "/api_keys/imports", Bodies.Import(new { type = "organization", id = named.Organization }), null),
            ("POST", "/api_keys/imports", Bodies.Import(new { type = "user", id = named.User, organization_id = here.Organization }), null),
            ("POST", "/api_keys/imports", Bodies.Import(new { type = "user", id = here.User, organization_id = named.Organization }), null),
            ("POST", "/api_keys/imports",
            Bodies.Import(new { type = "organization", id = here.Organization }, named.Permission, digest: new('a', 64)), null),
            ("POST", "/api_keys/imports",
            Bodies.Import(new { type = "organization", id = here.Organization }, responsible: named.User, digest: new('b', 64)), null),
            ("POST", Members, new { user_id = named.User, organization_id = here.Organization }, null),
            ("POST", Members, new { user_id = here.User, organization_id = named.Organization }, null),
            ("PUT", Members + "/" + here.Membership, new { role_slug = named.Role }, null),
            ("PUT", $"/authorization/roles/{here.Role}/permissions", new { permissions }, null),
            ("POST", $"/authorization/roles/{here.Role}/permissions", new { permissions }, null),
            ("POST", $"/authorization/roles/{here.Role}/permissions", new { slug = named.Permission }, null),
        ];
    }

    private static List<Func<Fixture, string>> Filters(Fixture here) =>
    [
        named => "/api_keys?organization_id=" + named.Organization,
        named => "/api_keys?user_id=" + named.User,
        named => "/api_keys?permission=" + named.Permission,
        named => "/api_keys?created_by=" + named.ManagementKeyId,
        named => $"/user_management/users/{here.User}/api_keys?organization_id={named.Organization}",
        named => "/user_management/users?organization_id=" + named.Organization,
        named => $"/user_management/users?email={named.UserExternalId[2..]}@example.com",
        named => "/user_management/organization_memberships?user_id=" + named.User,
        named => "/user_management/organization_memberships?organization_id=" + named.Organization,
        named => "/organizations?search=" + named.OrganizationExternalId[2..],
        named => "/events?organization_id=" + named.Organization,
        named => "/receipts?subject_id=" + named.RoleId,
    ];

    // Rotation state is listed whole, and so are import schemes. The cursor of receipt lines is a place in that receipt, not an id.
    private static bool IsPaged(Route route)
        => route is { Method: "GET", Response: { } response } && response.Name.Contains("Page", StringComparison.Ordinal)
            && route.Pattern is not ("/receipts/pending" or "/import_schemes" or "/receipts/{id}/lines");

    private static string CursorOf(string pattern, Fixture of) => pattern switch
    {
        "/events" => of.Event,
        "/receipts" => of.Receipt,
        "/organizations" => of.Organization,
        "/user_management/users" => of.User,
        "/user_management/organization_memberships" => of.Membership,
        "/management_keys" => of.ManagementKeyId,
        "/authorization/permissions" => of.RolePermissionId,
        "/authorization/roles" => of.RoleId,
        "/user_management/users/{userId}/api_keys" => of.UserKey,
        "/organizations/{organizationId}/api_keys" or "/api_keys" => of.Key,
        _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, "Say here what its cursors are."),
    };

    private static IEnumerable<string> Parameters(string pattern)
        => System.Text.RegularExpressions.Regex.Matches(pattern, "{([a-zA-Z]+)}").Select(match => match.Groups[1].Value);

    // Drops the parts that differ by id or by request.
    private static string Normal(Reply reply)
    {
        var text = System.Text.RegularExpressions.Regex.Replace(reply.Text, "\"request_id\":\"[^\"]*\"", "");
        return $"{reply.Status}"
            + $" {text.Replace("p:there", "p:?").Replace("p:unknown", "p:?").Replace("r-there", "r-?").Replace("r-unknown", "r-?")}";
    }

    private static async Task Untouched(RunningWarder warder, Fixture there)
    {
        Assert.Equal(there.Event, (await warder.Events(there.ManagementKey))[^1].GetProperty("id").GetString());
        var validation = await warder.Post(
            "/api_keys/validations", new { value = there.KeyValue, permissions = new[] { there.Permission } }, there.ManagementKey);
        Assert.True(validation.Json.GetProperty("decision").GetProperty("allow").GetBoolean());
    }
}
