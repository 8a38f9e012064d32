using System.Text.Json;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Http;

public sealed class ListPagingTests
{
    [Fact]
    public async Task Each_order_and_direction_shows_every_item_once()
    {
        await using var warder = await RunningWarder.StartAsync();
        var all = new List<string>();
        for (var i = 0; i < 7; i++)
            all.Add((await warder.Post("/organizations", new { name = "o" })).Is(201).Id);
        all.Sort(StringComparer.Ordinal);
        foreach (var order in new[] { "asc", "desc" })
        {
            foreach (var limit in new[] { 1, 2, 3, 7, 8 })
            {
                List<string> expected = [.. all];
                if (order == "desc")
                    expected.Reverse();
                Assert.Equal(expected, await Walk(warder, order, limit, "after", null));
                var last = expected[^1];
                var back = await Walk(warder, order, limit, "before", last);
                Assert.Equal(expected[..^1], back);
            }
        }

        // "normal" sorts as desc does, and "before" continues a traversal as "after" does otherwise.
        var newest = Cursors((await warder.Get("/organizations?order=normal&limit=3")).Is(200));
        Assert.Equal(JsonValueKind.Null, newest.GetProperty("after").ValueKind);
        Assert.Equal(all[4], newest.GetProperty("before").GetString());
    }

    private static async Task<List<string>> Walk(RunningWarder warder, string order, int limit, string direction, string? cursor)
    {
        var ids = new List<string>();
        for (var pages = 0; pages < 20; pages++)
        {
            var page = (await warder.Get(
                $"/organizations?order={order}&limit={limit}" + (cursor is null ? "" : $"&{direction}={cursor}"))).Is(200);
            if (direction == "after")
                ids.AddRange(page.Ids);
            else
                ids.InsertRange(0, page.Ids);
            cursor = Cursors(page).GetProperty(direction).GetString();
            if (cursor is null)
                return ids;
        }

        throw new InvalidOperationException("No end.");
    }

    private static JsonElement Cursors(Reply page) => page.Json.GetProperty("list_metadata");
}
