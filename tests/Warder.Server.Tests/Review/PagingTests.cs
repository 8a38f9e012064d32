using System.Text.Json;

namespace Warder.Server.Tests.Review;

public sealed class PagingTests
{
    [Fact]
    public async Task Each_order_and_direction_shows_every_item_once()
    {
        await using var server = await Server.StartAsync();
        var all = new List<string>();
        for (var i = 0; i < 7; i++)
            all.Add(await server.Organization());
        all.Sort(StringComparer.Ordinal);
        foreach (var order in new[] { "asc", "desc" })
        {
            foreach (var limit in new[] { 1, 2, 3, 7, 8 })
            {
                List<string> expected = [.. all];
                if (order == "desc")
                    expected.Reverse();
                Assert.Equal(expected, await Walk(server, order, limit, "after", null));
                var last = expected[^1];
                var back = await Walk(server, order, limit, "before", last);
                Assert.Equal(expected[..^1], back);
            }
        }

        // normal: desc, and "before" leads on where "after" does otherwise.
        var newest = (await server.Ok("GET", "/organizations?order=normal&limit=3")).GetProperty("list_metadata");
        Assert.Equal(JsonValueKind.Null, newest.GetProperty("after").ValueKind);
        Assert.Equal(all[4], newest.GetProperty("before").GetString());
    }

    private static async Task<List<string>> Walk(Server server, string order, int limit, string direction, string? cursor)
    {
        var ids = new List<string>();
        for (var pages = 0; pages < 20; pages++)
        {
            var page = await server.Ok("GET", $"/organizations?order={order}&limit={limit}" + (cursor is null ? "" : $"&{direction}={cursor}"));
            var data = page.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString()!).ToList();
            if (direction == "after")
                ids.AddRange(data);
            else
                ids.InsertRange(0, data);
            cursor = page.GetProperty("list_metadata").GetProperty(direction).GetString();
            if (cursor is null)
                return ids;
        }

        throw new InvalidOperationException("No end.");
    }
}
