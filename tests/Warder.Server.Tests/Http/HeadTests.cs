using System.Net.Http.Headers;
using Warder.Server.Http;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Http;

public sealed class HeadTests
{
    [Fact]
    public async Task Every_route_that_can_be_read_answers_head_as_it_answers_get_without_a_body()
    {
        await using var warder = await RunningWarder.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(warder.Address) };
        foreach (var route in RouteTable.All.Where(static route => route.Method == "GET"))
        {
            foreach (var key in (string[])[warder.Key, ""])
            {
                var path = route.Pattern.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
                using var get = await Send(client, HttpMethod.Get, path, key);
                using var head = await Send(client, HttpMethod.Head, path, key);
                Assert.Equal((path, get.StatusCode), (path, head.StatusCode));
                Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
                Assert.Empty(await head.Content.ReadAsByteArrayAsync());
            }
        }
    }

    [Fact]
    public async Task The_connection_serves_the_next_request_after_head()
    {
        await using var warder = await RunningWarder.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = new Uri(warder.Address) };
        for (var i = 0; i < 3; i++)
        {
            using var head = await Send(client, HttpMethod.Head, "/health/ready", "");
            Assert.Equal("{\"status\":\"ready\"}".Length, head.Content.Headers.ContentLength);
            Assert.Equal("{\"status\":\"ready\"}", await client.GetStringAsync("/health/ready"));
        }
    }

    [Fact]
    public async Task A_refused_method_is_answered_with_the_methods_that_are_allowed()
    {
        await using var warder = await RunningWarder.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(warder.Address) };
        using var refused = await Send(client, HttpMethod.Delete, "/health/ready", "");
        Assert.Equal(405, (int)refused.StatusCode);
        Assert.Equal(["GET", "HEAD"], refused.Content.Headers.Allow.Order());
        using var head = await Send(client, HttpMethod.Head, "/api_keys/x/revoke", "");
        Assert.Equal(405, (int)head.StatusCode);
    }

    private static Task<HttpResponseMessage> Send(HttpClient client, HttpMethod method, string path, string key)
    {
        var request = new HttpRequestMessage(method, path);
        if (key.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client.SendAsync(request);
    }
}
