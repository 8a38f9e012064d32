using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Server.Http;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Telemetry;

/// <summary>A process logs everything that it can, over OTLP too, and requests carry secrets in each of their parts.</summary>
public sealed class LogSecrecyTests
{
    private const string Loudest =
        "Logging__LogLevel__Default=Trace Logging__LogLevel__Microsoft=Trace Logging__LogLevel__System=Trace"
        + " Logging__LogLevel__Microsoft__AspNetCore=Trace";

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task No_part_of_a_request_is_in_any_line_trace_or_metric(string format)
    {
        using var folder = new DataFolder();
        await using var collector = new OtlpCollector();
        // The usual variable of a category with dots cannot be set by a shell.
        var before = $"env 'Logging__LogLevel__Microsoft.AspNetCore=Trace' 'Logging__LogLevel__Microsoft.AspNetCore.Routing=Trace'"
            + $" 'Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics=Trace'"
            + $" {Loudest} OTEL_EXPORTER_OTLP_ENDPOINT={collector.Address} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"
            + " OTEL_BSP_SCHEDULE_DELAY=100 OTEL_METRIC_EXPORT_INTERVAL=200";
        await using var warder = await WarderProcess.StartAsync(folder, before, options: $"--access-log --log-format {format}");
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        var secret = TokenFormat.Issue("wdr_live", Entropy.System).Reveal();
        await SendAsync(warder, key, secret);
        var metrics = await warder.Send("GET", "/metrics", null, key);
        await Eventually.Holds(
            () => Task.FromResult(collector.Traces > 0 && collector.Metrics > 0), TimeSpan.FromSeconds(30), "nothing was exported");
        await warder.StopAsync();
        var text = warder.Log + warder.Errors + metrics.Text;
        Assert.Contains("/api_keys/{id}", text, StringComparison.Ordinal);
        Assert.Contains("Management authentication failed", text, StringComparison.Ordinal);
        foreach (var part in (string[])[secret[9..30], key[5..30], "hidden-7531"])
        {
            Assert.DoesNotContain(part, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(part, collector.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_line_of_the_access_log_has_the_route_and_the_ids_and_nothing_that_a_client_chooses()
    {
        using var folder = new DataFolder();
        await using var warder = await WarderProcess.StartAsync(folder, options: "--access-log --log-format json");
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        var reply = await warder.Send("GET", "/api_keys?limit=3", null, key);
        await warder.Send("HEAD", "/health/ready", null, "none");
        await warder.Send("FROBNICATE", "/nowhere/at/all", null, "none");
        await warder.StopAsync();
        var lines = warder.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)
            .Where(static line => line.GetProperty("category").GetString() == AccessLog.Category)
            .Select(static line => line.GetProperty("fields")).ToList();
        var own = lines.Single(
            line => line.GetProperty("request_id").GetString() == reply.Headers.GetValues("X-Request-ID").Single());
        Assert.Equal("GET", own.GetProperty("method").GetString());
        Assert.Equal("/api_keys", own.GetProperty("route").GetString());
        Assert.Equal(200, own.GetProperty("status").GetInt32());
        Assert.InRange(own.GetProperty("duration_ms").GetDouble(), 0, 60_000);
        Assert.StartsWith("management_key_", own.GetProperty("key_id").GetString(), StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", own.GetProperty("client").GetString());
        Assert.Contains(
            lines, static line => line.GetProperty("method").GetString() == "HEAD" && line.GetProperty("status").GetInt32() == 200);
        Assert.Contains(
            lines, static line => line.GetProperty("method").GetString() == "OTHER" && line.GetProperty("route").GetString() == "-");
    }

    [Fact]
    public async Task Without_the_access_log_a_request_is_not_logged()
    {
        using var folder = new DataFolder();
        await using var warder = await WarderProcess.StartAsync(folder);
        for (var i = 0; i < 5; i++)
            await warder.Send("GET", "/api_keys", null, (await File.ReadAllTextAsync(folder.ManagementKey)).Trim());
        await warder.StopAsync();
        Assert.DoesNotContain("/api_keys", warder.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_authentication_of_one_address_is_one_line_and_its_number()
    {
        using var folder = new DataFolder();
        await using var warder = await WarderProcess.StartAsync(folder, options: "--log-format json");
        for (var i = 0; i < 40; i++)
            await warder.Send("GET", "/api_keys", null, "wdrm_hidden-7531");
        await warder.StopAsync();
        var lines = warder.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)
            .Where(static line => line.GetProperty("category").GetString()!.EndsWith("FailedAuthentications", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(2, lines.Count);
        Assert.All(lines, static line => Assert.Equal("127.0.0.1", line.GetProperty("fields").GetProperty("client").GetString()));
        Assert.Equal([1, 39], lines.Select(static line => line.GetProperty("fields").GetProperty("failures").GetInt32()));
        Assert.Equal("not a management key", lines[0].GetProperty("fields").GetProperty("reason").GetString());
    }

    private static async Task SendAsync(WarderProcess warder, string key, string secret)
    {
        const string other = "hidden-7531";
        foreach (var each in (string[])[secret, key, other])
        {
            foreach (var bearer in (string[])[key, each + "x"])
            {
                await warder.Send("GET", "/api_keys/" + each, null, bearer);
                await warder.Send("GET", "/nowhere/" + each, null, bearer);
                await warder.Send("GET", "/organizations/external_id/" + each, null, bearer);
                await warder.Send("GET", $"/api_keys?after={each}&{each}=1", null, bearer);
                await warder.Send("POST", "/api_keys/validations", new { value = each }, bearer);
                await warder.Send("POST", "/organizations", new { name = "", other = each }, bearer);
                await warder.Send("DELETE", "/organizations/" + each, null, bearer);
            }

            await Raw(warder, $"GET /health/ready HTTP/1.1\r\nHost: {each}\r\nX-Secret: {each}\r\nCookie: a={each}\r\n"
                + $"X-Forwarded-For: {each}\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
                + $"tracestate: a={each}\r\nbaggage: a={each}\r\nUser-Agent: {each}\r\nConnection: close\r\n\r\n");
            await Raw(warder, $"GET /{each} HTTP/9.9\r\n\r\n");
            await Raw(warder, $"{each} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            await Raw(warder, $"GET / HTTP/1.1\r\nHost: a\r\n{each}\r\n\r\n");
            await Raw(warder, $"POST /organizations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n"
                + $"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{each}\r\n\r\n");
            await Raw(warder, $"GET /replicas/stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\nUpgrade: websocket\r\n"
                + $"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {each}\r\n"
                + $"Sec-WebSocket-Protocol: {each}\r\n\r\n");
        }
    }

    private static async Task Raw(WarderProcess warder, string request)
    {
        var address = new Uri(warder.Address);
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        socket.Client.Shutdown(SocketShutdown.Send);
        try
        {
            using var answer = new MemoryStream();
            await stream.CopyToAsync(answer).WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (IOException)
        {
            // The server has reset the connection.
        }
    }
}
