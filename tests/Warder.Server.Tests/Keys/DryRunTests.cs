using Warder.Server.Http;
using Warder.Server.Tests.Hosting;
using Warder.Storage;

namespace Warder.Server.Tests.Keys;

/// <summary>A dry run returns exactly the effects of the real run that follows, and changes nothing.</summary>
public sealed class DryRunTests
{
    private const string Members = "/user_management/organization_memberships";

    /// <summary>Keys of every kind in every state, of two members and their organization; and keys that no ending here concerns.</summary>
    private sealed record Scene(
        string Organization, string User, string Membership, List<string> Keys, List<string> OfMembership, List<string> Others);

    public static TheoryData<string, string> Endings { get; } = new()
    {
        { "DELETE", "/organizations/{organization}" },
        { "DELETE", "/user_management/users/{user}" },
        { "DELETE", Members + "/{membership}" },
        { "PUT", Members + "/{membership}/deactivate" },
    };

    [Fact]
    public void Every_route_that_understands_dry_run_is_tested_here()
    {
        string[] ofKeys = ["DELETE /api_keys/{id}", "POST /api_keys/{id}/expire", "POST /api_keys/{id}/revoke", "POST /api_keys/imports"];
        var here = Endings.Select(row => $"{row.Data.Item1} {System.Text.RegularExpressions.Regex.Replace(row.Data.Item2, "{.*}", "{id}")}")
            .Concat(ofKeys);
        Assert.Equal(
            here.Order(),
            RouteTable.ForManagementKeys.Where(route => route.DryRun).Select(route => $"{route.Method} {route.Pattern}").Order());
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task It_names_exactly_the_keys_that_the_end_of_an_owner_ends(string method, string pattern)
    {
        await using var warder = await RunningWarder.StartAsync();
        var scene = await Stage(warder);
        foreach (var inactive in (bool[])[false, true])
        {
            if (inactive)
                (await warder.Put($"{Members}/{scene.Membership}/deactivate")).Is(200);
            var path = pattern.Replace("{organization}", scene.Organization).Replace("{user}", scene.User)
                .Replace("{membership}", scene.Membership);
            var (head, state) = (warder.Head, await Statuses(warder));
            var dry = (await warder.Send(method, path + "?dry_run=true", null)).Is(200);

            Assert.Equal(head, warder.Head);
            Assert.Equal(state, await Statuses(warder));
            // The real run follows in the second round; in the first round it would spoil the case of an inactive member.
            if (!inactive && !pattern.EndsWith("/deactivate", StringComparison.Ordinal))
                continue;
            var real = await warder.Send(method, path, null);
            Assert.True(real.Status is 200 or 204, real.Text);
            var after = await Statuses(warder);
            // A key that had ended may show another reason now, and does not end again. The member's deactivation also holds a suspended
            // key.
            var changed = state.Where(pair => pair.Value is not ("revoked" or "expired")
                && (after[pair.Key] != pair.Value || (!inactive && scene.OfMembership.Contains(pair.Key)))).Select(pair => pair.Key)
                .Order().ToList();
            Assert.Equal(changed, Named(dry).Order());
            Assert.Equal(changed.Count, dry.Json.GetProperty("api_keys_ended").GetInt32());
            if (real.Status == 204)
                Assert.Equal(changed.Count, (await warder.LastChange()).GetProperty("data").GetProperty("api_keys_ended").GetInt32());
        }
    }

    [Theory]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/revoke")]
    [InlineData("POST", "/expire")]
    public async Task It_names_the_key_that_would_end_unless_it_has(string method, string verb)
    {
        await using var warder = await RunningWarder.StartAsync();
        var scene = await Stage(warder);
        foreach (var id in scene.Keys.Concat(scene.Others))
        {
            var (head, state) = (warder.Head, await Statuses(warder));
            var body = method == "POST" ? "{}" : null;
            var dry = await warder.Send(method, $"/api_keys/{id}{verb}?dry_run=true", body);
            Assert.Equal(head, warder.Head);
            Assert.Equal(state, await Statuses(warder));

            var real = await warder.Send(method, $"/api_keys/{id}{verb}", body);
            if (real.Status >= 400)
            {
                Assert.Equal((real.Status, real.Code), (dry.Status, dry.Code));
                continue;
            }

            var ended = state[id] is "revoked" or "expired" ? [] : new[] { id };
            Assert.Equal(ended, Named(dry.Is(200)));
            Assert.Equal(ended.Length, dry.Json.GetProperty("api_keys_ended").GetInt32());
        }
    }

    [Fact]
    public async Task Of_many_keys_it_names_a_hundred_and_counts_all()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var revoked = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 260), async (i, _) =>
        {
            var key = (await warder.Post($"/organizations/{organization}/api_keys", new { name = $"k{i}" })).Is(201).Id;
            if (i % 3 == 0)
            {
                (await warder.Post($"/api_keys/{key}/revoke")).Is(200);
                Interlocked.Increment(ref revoked);
            }
        });
        var dry = (await warder.Delete($"/organizations/{organization}?dry_run=true")).Is(200);

        Assert.Equal(260 - revoked, dry.Json.GetProperty("api_keys_ended").GetInt32());
        Assert.Equal(100, Named(dry).Distinct().Count());
    }

    [Fact]
    public async Task A_dry_run_that_is_misspelt_does_not_end_anything()
    {
        await using var warder = await RunningWarder.StartAsync();
        var scene = await Stage(warder);
        var head = warder.Head;
        foreach (var query in (string[])["dryrun=true", "dry_run=1", "dry_run=TRUE", "dry_run=yes", "dry_run=true&dry_run=false",
            "Dry_Run=yes"])
            (await warder.Delete($"/organizations/{scene.Organization}?{query}")).Is(422);
        Assert.Equal(head, warder.Head);
    }

    private static async Task<Scene> Stage(RunningWarder warder)
    {
        var first = await Fixture.MakeAsync(warder, warder.Key, "a");
        var second = await Fixture.MakeAsync(warder, warder.Key, "b");
        (await warder.Post(Members, new { user_id = second.User, organization_id = first.Organization })).Is(201);
        (await warder.Post(Members, new { user_id = first.User, organization_id = second.Organization })).Is(201);
        var (keys, ofMembership) = (new List<string>(), new List<string> { first.UserKey });
        foreach (var organization in (string[])[first.Organization, second.Organization])
        {
            foreach (var user in (string?[])[null, first.User, second.User])
            {
                foreach (var fate in (string[])["", "suspend", "expire", "revoke", "delete"])
                {
                    var id = (user is null
                        ? await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" })
                        : await warder.Post($"/user_management/users/{user}/api_keys", new { name = "k", organization_id = organization }))
                        .Is(201).Id;
                    if (fate == "delete")
                        (await warder.Delete("/api_keys/" + id)).Is(204);
                    else if (fate.Length > 0)
                        (await warder.Post($"/api_keys/{id}/{fate}")).Is(200);
                    keys.Add(id);
                    if (user == first.User && organization == first.Organization)
                        ofMembership.Add(id);
                }
            }
        }

        return new Scene(first.Organization, first.User, first.Membership, keys, ofMembership, [second.Key]);
    }

    private static async Task<Dictionary<string, string>> Statuses(RunningWarder warder)
        => (await warder.Get("/api_keys?limit=100")).Is(200)
            .Data.ToDictionary(key => key.GetProperty("id").GetString()!, key => key.GetProperty("status").GetString()!);

    private static List<string> Named(Reply dry)
        => [.. dry.Json.GetProperty("api_keys").EnumerateArray().Select(key => key.GetProperty("id").GetString()!)];
}
