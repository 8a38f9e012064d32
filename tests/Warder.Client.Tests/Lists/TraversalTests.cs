using Warder.Client.Events;
using Warder.Client.Keys;
using static Warder.Client.Tests.Wire;

namespace Warder.Client.Tests.Lists;

public sealed class TraversalTests
{
    [Fact]
    public async Task All_pages_are_walked_in_hundreds_and_each_is_asked_for_once()
    {
        await using var wire = await ServeAsync((count, context) => JsonAsync(context, 200, count switch
        {
            1 => Samples.Page("b", "a", "b"),
            2 => Samples.Page("c", "c"),
            _ => Samples.Page(null),
        }));
        var ids = new List<string>();
        await foreach (var key in wire.Client().Keys.ListAllAsync(new KeyQuery { OrganizationId = "org_1" }))
            ids.Add(key.Id);
        Assert.Equal(["a", "b", "c"], ids);
        Assert.Equal(
            [
                "/api_keys?limit=100&organization_id=org_1",
                "/api_keys?limit=100&after=b&organization_id=org_1",
                "/api_keys?limit=100&after=c&organization_id=org_1",
            ],
            wire.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task A_follower_of_the_log_sees_each_event_once_and_goes_on_after_the_last()
    {
        await using var wire = await ServeAsync((count, context) => JsonAsync(context, 200, count switch
        {
            1 => Page("event_1", "event_1"),
            2 => Page(null, "event_2"),
            3 => Page(null),
            _ => Page(null, "event_3"),
        }));
        var ids = new List<string>();
        await foreach (var entry in wire.Client().Events.FollowAsync(
            new EventQuery(), TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken))
        {
            ids.Add(entry.Id);
            if (ids.Count == 3)
                break;
        }

        Assert.Equal(["event_1", "event_2", "event_3"], ids);
        Assert.Equal(
            ["/events?limit=100", "/events?limit=100&after=event_1", "/events?limit=100&after=event_2", "/events?limit=100&after=event_2"],
            wire.Requests.Select(request => request.Target));
    }

    private static string Page(string? after, params string[] ids)
    {
        var events = ids.Select(id => $$$"""
            {"object":"event","id":"{{{id}}}","event":"api_key.created","created_at":"2026-01-15T12:00:00.000Z",
            "environment_id":"environment_1","organization_id":null,"effects_sha256":null,"data":{"id":"api_key_1"},
            "context":{"actor":null,"on_behalf_of":null,"source_address":null,"request_id":null}}
            """);
        var cursor = after is null ? "null" : $"\"{after}\"";
        return $$"""{"object":"list","data":[{{string.Join(',', events)}}],"list_metadata":{"after":{{cursor}} } }""";
    }
}
