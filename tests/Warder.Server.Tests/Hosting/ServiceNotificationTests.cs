using System.Net.Sockets;
using System.Text;

namespace Warder.Server.Tests.Hosting;

/// <summary>What a server reports to systemd, received by a socket of the test.</summary>
public sealed class ServiceNotificationTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_server_reports_when_it_answers_requests_and_when_it_stops()
    {
        using var folder = new DataFolder();
        var path = Path.Combine(folder.Path, "notify");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        await using var warder = await WarderProcess.StartAsync(folder, before: $"export NOTIFY_SOCKET={path};");

        Assert.Equal("READY=1", await ReceiveAsync(socket));
        (await warder.Send("GET", "/health/ready", null, "")).Is(200);
        await warder.StopAsync();
        Assert.Equal("STOPPING=1", await ReceiveAsync(socket));
    }

    [Fact]
    public async Task A_server_without_a_manager_starts_and_stops()
    {
        using var folder = new DataFolder();
        await using var warder = await WarderProcess.StartAsync(folder, before: "export NOTIFY_SOCKET=/nowhere/at/all;");
        (await warder.Send("GET", "/health/ready", null, "")).Is(200);
        await warder.StopAsync();
        Assert.DoesNotContain("xception", warder.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[1_024];
        using var timeout = new CancellationTokenSource(Soon);
        var count = await socket.ReceiveAsync(buffer, timeout.Token);
        return Encoding.UTF8.GetString(buffer, 0, count).TrimEnd('\n');
    }
}
