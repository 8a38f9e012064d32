using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Warder.Server.Tests.Hosting;

public sealed class SignalTests
{
    [Fact]
    public async Task Under_load_over_kept_connections_a_stop_cuts_no_request_off_and_announces_the_end_of_each()
    {
        using var folder = new DataFolder();
        await using var warder = await WarderProcess.StartAsync(folder);
        var address = new Uri(warder.Address);
        var clients = Enumerable.Range(0, 16).Select(_ => Task.Run(() => HammerAsync(address))).ToList();
        await Task.Delay(500);
        await warder.StopAsync();
        Assert.Equal(0, await warder.ExitAsync());
        var results = await Task.WhenAll(clients);
        Assert.All(results, static result => Assert.True(result.Answered > 10));
        Assert.All(results, static result => Assert.Equal("", result.Cut));
        Assert.All(results, static result => Assert.True(result.Announced));
    }

    [Fact]
    public async Task A_stop_is_seen_by_readiness_first_and_requests_are_still_answered()
    {
        using var folder = new DataFolder();
        await using var warder = await WarderProcess.StartAsync(folder, options: "--drain-seconds 15");
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        using var kept = new TcpClient();
        await kept.ConnectAsync("127.0.0.1", new Uri(warder.Address).Port);
        // An answer shows that the server has accepted the connection. Until then, it can find none open, and end early.
        await kept.GetStream().WriteAsync("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        Assert.True(await kept.GetStream().ReadAsync(new byte[1_024]) > 0);
        var stopping = warder.StopAsync();
        await Eventually.Holds(
            async () => (await warder.Send("GET", "/health/ready", null, "")).Status == 503, TimeSpan.FromSeconds(10),
            "The node is still ready.");
        var reasons = await warder.Send("GET", "/health/ready", null, key);
        Assert.Equal("stopping", reasons.Json.GetProperty("problems")[0].GetProperty("code").GetString());
        var answered = await warder.Send("POST", "/organizations", new { name = "late" }, key);
        Assert.Equal(201, answered.Status);
        Assert.Contains("close", answered.Headers.Connection);
        kept.Dispose();
        // With no connection left, the server does not wait for the rest of its time.
        var since = Stopwatch.StartNew();
        await stopping;
        Assert.True(since.Elapsed < TimeSpan.FromSeconds(12), since.Elapsed.ToString());
    }

    [Fact]
    public async Task A_request_whose_body_arrives_after_the_signal_is_answered()
    {
        using var folder = new DataFolder();
        await using var warder = await WarderProcess.StartAsync(folder, options: "--drain-seconds 0");
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(warder.Address).Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /organizations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
            + "Content-Length: 15\r\n\r\n{\"name\""));
        await Task.Delay(200);
        var stopping = warder.StopAsync();
        await Task.Delay(1_000);
        await stream.WriteAsync(":\"late\"}"u8.ToArray());
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 201", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        await stopping;
    }

    [Fact]
    public async Task A_hang_up_is_no_reason_to_stop()
    {
        using var folder = new DataFolder();
        await using var warder = await WarderProcess.StartAsync(folder);
        for (var i = 0; i < 3; i++)
            warder.Signal("HUP");
        await Eventually.Holds(
            () => Task.FromResult(warder.Log.Contains("The configuration was read again", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(10), "The signal was not noticed.");
        Assert.Equal(200, (await warder.Send("GET", "/health/ready", null, "")).Status);
        await warder.StopAsync();
        Assert.Equal(0, await warder.ExitAsync());
    }

    // One client that keeps its connection as long as the server does.
    private static async Task<(int Answered, bool Announced, string Cut)> HammerAsync(Uri address)
    {
        var (answered, announced) = (0, false);
        var request = Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n");
        while (true)
        {
            using var client = new TcpClient { NoDelay = true };
            try
            {
                await client.ConnectAsync(address.Host, address.Port);
            }
            catch (SocketException)
            {
                return (answered, announced, "");
            }

            var stream = client.GetStream();
            for (var isOpen = true; isOpen; answered++)
            {
                var answer = "";
                try
                {
                    await stream.WriteAsync(request);
                    answer = await ReadAnswerAsync(stream);
                }
                catch (IOException e)
                {
                    return (answered, announced, e.Message);
                }

                if (!answer.EndsWith("{\"status\":\"live\"}", StringComparison.Ordinal))
                    return (answered, announced, $"after {answered}: '{answer}'");
                isOpen = !answer.Contains("Connection: close", StringComparison.Ordinal);
                announced |= !isOpen;
            }
        }
    }

    private static async Task<string> ReadAnswerAsync(NetworkStream stream)
    {
        var buffer = new byte[4_096];
        var length = 0;
        for (var read = 1; read > 0 && !buffer.AsSpan(0, length).EndsWith("{\"status\":\"live\"}"u8); length += read)
            read = await stream.ReadAsync(buffer.AsMemory(length));
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
