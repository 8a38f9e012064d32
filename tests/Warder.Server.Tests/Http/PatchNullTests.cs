using System.Text.Json;
using Warder.Contracts;
using Warder.Contracts.Json;
using Warder.Server.Http;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Http;

public sealed class PatchNullTests
{
    private const string End = "2099-01-01T00:00:00.000Z";

    // The member of a PATCH body, and what null makes of it; no text: null is refused.
    private static readonly (string Pattern, string Member, string? Cleared)[] Members =
    [
        ("/api_keys/{id}", "name", null), ("/api_keys/{id}", "permissions", "[]"), ("/api_keys/{id}", "purpose", "null"),
        ("/api_keys/{id}", "responsible_user_id", "null"), ("/api_keys/{id}", "expires_at", "null"),
        ("/authorization/permissions/{slug}", "name", null), ("/authorization/permissions/{slug}", "description", "null"),
        ("/authorization/permissions/{slug}", "allowed_owner_types", "[]"),
        ("/authorization/roles/{slug}", "name", null), ("/authorization/roles/{slug}", "description", "null"),
        ("/management_keys/{id}", "name", null), ("/management_keys/{id}", "rights", "[]"), ("/management_keys/{id}", "expires_at", "null"),
        ("/environments/{id}", "name", null), ("/environments/{id}", "cap_issued_keys", "false"),
    ];

    [Fact]
    public void Every_member_of_every_PATCH_is_tested_here()
        => Assert.Equal(
            RouteTable.ForManagementKeys.Where(static route => route.Method == "PATCH").SelectMany(
                static route => WarderJson.Wire.GetTypeInfo(route.Request!)!.Properties.Select(
                    member => (route.Pattern, member.Name))).Order(),
            Members.Select(static row => (row.Pattern, row.Member)).Order());

    [Fact]
    public async Task Null_clears_each_member_that_can_be_empty_and_is_refused_for_the_others()
    {
        await using var warder = await RunningWarder.StartAsync();
        (await warder.Post("/authorization/permissions", new { slug = "p", name = "P", description = "d" })).Is(201);
        (await warder.Post("/authorization/roles", new { slug = "r", name = "R", description = "d" })).Is(201);
        var user = (await warder.Post("/user_management/users", new { email = "a@example.com" })).Is(201).Id;
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var environment = (await warder.Get("/environments")).Is(200).Ids.Single();
        var ids = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["/authorization/permissions/{slug}"] = "p",
            ["/authorization/roles/{slug}"] = "r",
            ["/environments/{id}"] = environment,
            ["/api_keys/{id}"] = (await warder.Post($"/organizations/{organization}/api_keys", new
            {
                name = "k", permissions = new[] { "p" }, purpose = "why", responsible_user_id = user, expires_at = End,
            })).Is(201).Id,
            ["/management_keys/{id}"] = (await warder.Post(
                "/management_keys", new { name = "m", rights = new[] { "keys:read" }, expires_at = End })).Is(201).Id,
        };
        foreach (var (pattern, member, cleared) in Members)
        {
            var path = pattern[..pattern.IndexOf('{', StringComparison.Ordinal)] + ids[pattern];
            var reply = await warder.Send("PATCH", path, $"{{\"{member}\":null}}");
            if (cleared is null)
                Assert.Equal([member + ": required"], reply.Is(422).Faults);
            else
                Assert.Equal(cleared, reply.Is(200).Json.GetProperty(member).GetRawText());
        }
    }
}
