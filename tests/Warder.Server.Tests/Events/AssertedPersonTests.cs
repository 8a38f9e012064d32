using System.Text.Json;
using Warder.Server.Http;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Http;

namespace Warder.Server.Tests.Events;

/// <summary><c>Warder-On-Behalf-Of</c> names a person of the environment; the address in the event stays the caller's.</summary>
public sealed class AssertedPersonTests
{
    private const string Header = "Warder-On-Behalf-Of";

    [Fact]
    public async Task On_every_route_that_changes_something_a_person_who_is_not_there_is_refused()
    {
        await using var warder = await RunningWarder.StartAsync();
        var other = await Fixture.MakeAsync(warder, await warder.AddEnvironment("other"), "there");
        var own = await Fixture.MakeAsync(warder, warder.Key, "here");
        var deleted = (await warder.Post("/user_management/users", new { email = "gone@example.com" })).Is(201).Id;
        (await warder.Delete("/user_management/users/" + deleted)).Is(204);
        var environment = new Dictionary<string, string> { ["id"] = (await warder.Get("/environments?order=asc")).Ids[0] };
        var changes = warder.Changes;
        var (wrong, tried) = (new List<string>(), 0);
        foreach (var route in RouteTable.ForManagementKeys.Where(static route => route.Method != "GET" && route.Direct is null))
        {
            foreach (var person in (string[])[Fixture.Unknown.User, other.User, deleted])
            {
                var path = own.Path(
                    route.Pattern, route.Pattern.StartsWith("/environments/", StringComparison.Ordinal) ? environment : null);
                var reply = await warder.Send(
                    route.Method, path, Bodies.For(route, own) ?? (route.Method == "DELETE" ? null : "{}"), null, (Header, person));
                tried++;
                if (reply.Status != 422 || !reply.Faults.SequenceEqual([Header + ": not_found"]))
                    wrong.Add($"{route.Method} {route.Pattern} for {person}: {reply.Status} {reply.Text}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(tried > 90, $"Only {tried} were tried.");
        Assert.Equal(changes, warder.Changes);
    }

    [Fact]
    public async Task The_erasure_of_a_person_leaves_the_address_of_a_caller_who_acted_for_them()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var throwaway = (await warder.Post("/user_management/users", new { email = "throwaway@example.com" })).Is(201).Id;
        (await warder.Send("POST", $"/api_keys/{own.Key}/revoke", new { reason = "stolen" }, null, (Header, throwaway))).Is(200);
        (await warder.Send("PUT", "/user_management/users/" + throwaway, new { first_name = "Zoe" }, null, (Header, throwaway))).Is(200);
        (await warder.Delete("/user_management/users/" + throwaway)).Is(204);
        // The three e-mails, and the first name in two events.
        Assert.Equal("5", (await warder.Post($"/user_management/users/{throwaway}/erase")).Is(200)["values_erased"]);

        var events = await warder.Events();
        Assert.All(
            events.Where(static e => e.GetProperty("context").GetProperty("actor").GetProperty("source").GetString() == "api"), static e =>
            Assert.Equal("127.0.0.1", e.GetProperty("context").GetProperty("source_address").GetString()));
        Assert.Contains(events, e => e.GetProperty("context").GetProperty("on_behalf_of").GetString() == throwaway);
        Assert.DoesNotContain(
            "throwaway", string.Concat(events.Select(static e => e.GetProperty("data").GetRawText())), StringComparison.Ordinal);
        Assert.Null(warder.VerifyLog().Problem);
    }

    [Fact]
    public async Task An_erasure_reaches_the_log_of_its_own_environment_only()
    {
        await using var warder = await RunningWarder.StartAsync();
        var other = await warder.AddEnvironment("other");
        var here = (await warder.Post("/user_management/users", new { email = "here@example.com" })).Is(201).Id;
        var there = (await warder.Post("/user_management/users", new { email = "there@example.com" }, other)).Is(201).Id;
        // An older version could write this: a value of this environment's log under a person of the other environment.
        await UnobservedCommit.Change(
            warder,
            context => context.Session.Execute("UPDATE event_personal_values SET subject_id = $1 WHERE subject_id = $2", there, here));

        (await warder.Delete("/user_management/users/" + there, other)).Is(204);
        Assert.Equal("2", (await warder.Post($"/user_management/users/{there}/erase", null, other)).Is(200)["values_erased"]);
        var created = (await warder.Events()).Single(static e => e.GetProperty("event").GetString() == "user.created");
        Assert.Equal("here@example.com", created.GetProperty("data").GetProperty("email").GetString());
        Assert.Equal(
            "", (await warder.Events(other)).First(static e => e.GetProperty("event").GetString() == "user.created")
            .GetProperty("data").GetProperty("email").GetString());
    }
}
