using System.Globalization;
using System.Text.RegularExpressions;
using Warder.Server.Http;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Http;

public sealed partial class QueryTests
{
    [Fact]
    public async Task A_query_parameter_is_honoured_or_refused_on_every_route_that_reads()
    {
        await using var warder = await RunningWarder.StartAsync();
        foreach (var route in RouteTable.ForManagementKeys.Where(static route => route is { Method: "GET", Run: not null }))
        {
            var path = Parameter().Replace(route.Pattern, "none");
            var unknown = (await warder.Get(path + "?nonsense=1")).Is(422);
            Assert.Equal(["nonsense: unknown_field"], unknown.Faults);
            Assert.All(route.Query, field => Assert.Contains(field.Name, unknown["message"], StringComparison.Ordinal));
            foreach (var field in route.Query)
            {
                Assert.Equal([field.Name + ": required"], (await warder.Get($"{path}?{field.Name}=")).Is(422).Faults.Distinct());
                Assert.Equal(
                    [field.Name + (field.IsList ? ": required" : ": too_many")],
                    (await warder.Get($"{path}?{field.Name}=&{field.Name}=")).Is(422).Faults.Distinct());
                Assert.Equal(
                    [field.Name.ToUpperInvariant() + ": unknown_field"],
                    (await warder.Get($"{path}?{field.Name.ToUpperInvariant()}=1")).Is(422).Faults.Where(
                        static fault => fault.EndsWith(": unknown_field", StringComparison.Ordinal)));
            }
        }
    }

    [Fact]
    public async Task The_description_shows_the_query_parameters_of_each_route()
    {
        await using var warder = await RunningWarder.StartAsync();
        var paths = (await warder.Get("/openapi.json", "")).Is(200).Json.GetProperty("paths");
        foreach (var route in RouteTable.ForManagementKeys)
        {
            var operation = paths.GetProperty(route.Pattern).GetProperty(route.Method.ToLowerInvariant());
            var shown = operation.TryGetProperty("parameters", out var parameters)
                ? parameters.EnumerateArray().Where(static parameter => parameter.GetProperty("in").GetString() == "query")
                    .Select(static parameter => parameter.GetProperty("name").GetString())
                : [];
            Assert.Equal(route.Query.Select(static field => field.Name), shown);
        }
    }

    [Fact]
    public async Task A_list_of_values_may_be_given_with_commas_or_several_times()
    {
        await using var warder = await RunningWarder.StartAsync();
        (await warder.Post("/organizations", new { name = "o" })).Is(201);
        (await warder.Post("/user_management/users", new { email = "a@example.com" })).Is(201);
        string[] spellings =
        [
            "events=organization.created,user.created", "events=organization.created&events=user.created",
            "events[]=organization.created&events[]=user.created",
        ];
        foreach (var spelling in spellings)
        {
            Assert.Equal(
                ["organization.created", "user.created"],
                (await warder.Get("/events?" + spelling)).Is(200).Data.Select(static e => e.GetProperty("event").GetString()));
        }
    }

    [Fact]
    public async Task Unused_since_lists_keys_that_existed_then_and_ended_ones_on_request()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        async Task<Reply> Issue() => (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" })).Is(201);
        var (old, revoked, expired, suspended) = (await Issue(), await Issue(), await Issue(), await Issue());
        (await warder.Post($"/api_keys/{revoked.Id}/revoke")).Is(200);
        (await warder.Post($"/api_keys/{expired.Id}/expire")).Is(200);
        (await warder.Post($"/api_keys/{suspended.Id}/suspend")).Is(200);
        Reply young;
        do
            young = await Issue();
        while (young["created_at"] == suspended["created_at"]);

        async Task<List<string>> Unused(string since, string more = "")
            => (await warder.Get($"/api_keys?order=asc&unused_since={since}{more}")).Is(200).Ids;
        var since = young["created_at"]!;
        Assert.Equal([old.Id, suspended.Id], await Unused(since));
        Assert.Equal([revoked.Id], await Unused(since, "&status=revoked"));
        Assert.Equal([expired.Id], await Unused(since, "&status=expired"));
        var later = DateTimeOffset.Parse(since, CultureInfo.InvariantCulture).AddSeconds(1);
        Assert.Contains(young.Id, await Unused(later.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)));

        (await warder.Delete($"/organizations/{organization}")).Is(204);
        Assert.Empty(await Unused(since));
    }

    [GeneratedRegex(@"\{\w+\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
