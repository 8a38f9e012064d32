using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Http;

/// <summary><c>GET /metrics</c> of a server in a process of its own: its text has no meters of other servers.</summary>
public sealed partial class PrometheusMetricsTests
{
    [GeneratedRegex(@"^(#.*|[a-z_:][a-z0-9_:]*(\{.*\})? [-+]?(\d[0-9.eE+-]*|Inf|NaN)( \d+)?)$")]
    private static partial Regex Line { get; }

    [Fact]
    public async Task A_collector_reads_the_number_of_validations_by_code()
    {
        using var folder = new DataFolder();
        await using var warder = await WarderProcess.StartAsync(folder);
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        for (var i = 0; i < 3; i++)
            (await warder.Send("POST", "/api_keys/validations", new { value = "not a key" }, key)).Is(200);

        var text = await ScrapeAsync(warder, key);
        Assert.Contains("# TYPE warder_validations_total counter", text, StringComparison.Ordinal);
        var line = Assert.Single(
            text.Split('\n'),
            static line => line.StartsWith("warder_validations_total{", StringComparison.Ordinal)
                && line.Contains("code=\"malformed\"", StringComparison.Ordinal)
                && line.Contains("verifier=\"node\"", StringComparison.Ordinal));
        Assert.Equal("3", line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0]);
        Assert.Contains("warder_cache_entries", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections", text, StringComparison.Ordinal);
        Assert.DoesNotContain(key, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collectors_that_come_together_get_whole_texts()
    {
        using var folder = new DataFolder();
        await using var warder = await WarderProcess.StartAsync(folder);
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        foreach (var text in await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ScrapeAsync(warder, key))))
        {
            Assert.Contains("warder_log_applied", text, StringComparison.Ordinal);
            Assert.All(text.TrimEnd('\n').Split('\n'), static line => Assert.Matches(Line, line));
        }
    }

    private static async Task<string> ScrapeAsync(WarderProcess warder, string key)
    {
        using var client = new HttpClient { BaseAddress = new Uri(warder.Address) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await client.SendAsync(request);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadAsStringAsync();
    }
}
