using System.Diagnostics;
using System.Net.WebSockets;
using Warder.Server.Connections;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Connections;

public sealed class ConnectionBoundTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Idle_connections_past_the_descriptor_limit_leave_the_server_serving_and_its_memory_flat()
    {
        using var folder = DataFolder.Embedded();
        await using var warder = await WarderProcess.StartAsync(folder, "ulimit -n 320;");
        Assert.True(warder.Listens, warder.Errors);
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        (await warder.Send("GET", "/organizations", null, key)).Is(200);
        using var idle = new Sockets(warder.Address);
        await idle.Open(600);
        var before = warder.ResidentBytes;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(8))
        {
            (await warder.Send("POST", "/api_keys/validations", new { value = "wdr_live_x" }, key)).Is(200);
            await Task.Delay(100);
        }

        Assert.False(warder.HasExited);
        // An unbounded server grows by 6 MB and more a second.
        Assert.True(warder.ResidentBytes - before < 24 << 20, $"{before >> 20} MB became {warder.ResidentBytes >> 20} MB.");
        Assert.Contains("were refused", warder.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_address_holds_no_more_connections_than_its_bound_until_it_authenticates()
    {
        await using var warder = await RunningWarder.StartAsync(options: options => options with { ConnectionsPerAddress = 20 });
        (await warder.Get("/organizations")).Is(200);
        using var idle = new Sockets(warder.Address);
        await idle.Open(50);
        await Eventually.Holds(() => Task.FromResult(idle.CountOpen() == 20), Soon, "More stayed open than the bound, or fewer.");
        Assert.Equal(30, warder.Connections.RefusedByAddress);
        // An authenticated connection goes on.
        (await warder.Get("/organizations")).Is(200);
    }

    [Fact]
    public async Task Connections_that_have_authenticated_are_not_counted_by_address()
    {
        await using var warder = await RunningWarder.StartAsync(options: options => options with { ConnectionsPerAddress = 20 });
        using var sockets = new Sockets(warder.Address);
        for (var i = 0; i < 40; i++)
        {
            await sockets.Open(1, $"GET /organizations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {warder.Key}\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200", await sockets.Read(i), StringComparison.Ordinal);
        }

        Assert.Equal(40, sockets.CountOpen());
        // A request to a public route does not authenticate its connection.
        using var strangers = new Sockets(warder.Address);
        await strangers.Open(30, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
        await Eventually.Holds(() => Task.FromResult(strangers.CountOpen() == 20), Soon, "A public route lifted the bound.");
    }

    [Fact]
    public async Task At_the_bound_in_all_a_new_connection_takes_the_place_of_the_oldest_that_has_not_authenticated()
    {
        await using var warder = await RunningWarder.StartAsync(
            options: options => options with { MaxConnections = 20, ConnectionsPerAddress = 0 });
        (await warder.Get("/organizations")).Is(200);
        using var idle = new Sockets(warder.Address);
        await idle.Open(40);
        await Eventually.Holds(
            () => Task.FromResult(warder.Connections.RefusedInAll > 0 && warder.Connections.Count == 20), Soon, "The bound is not kept.");
        await Eventually.Holds(
            async () =>
            {
                using var honest = new Sockets(warder.Address);
                await honest.Open(1, $"GET /organizations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {warder.Key}\r\n\r\n");
                try
                {
                    return (await honest.Read(0)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return false;
                }
            },
            Soon, "No other connection was accepted.");
        (await warder.Get("/organizations")).Is(200);
        Assert.True(warder.Connections.Count <= 20 + 16);
    }

    [Fact]
    public async Task A_connection_without_a_request_is_closed_after_ten_seconds_and_so_is_one_whose_header_does_not_end()
    {
        await using var warder = await RunningWarder.StartAsync();
        using var idle = new Sockets(warder.Address);
        await idle.Open(5);
        await idle.Open(5, "GET /organizations HTTP/1.1\r\nHost: x\r\n");
        await idle.Open(1, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
        var watch = Stopwatch.StartNew();
        await Eventually.Holds(() => Task.FromResult(idle.CountOpen() <= 1), Soon, "It stays open.");
        Assert.InRange(watch.Elapsed.TotalSeconds, 5, 20);
    }

    [Fact]
    public async Task Upgraded_connections_are_counted_and_places_come_back_when_connections_end()
    {
        await using var warder = await RunningWarder.StartAsync();
        (await warder.Get("/organizations")).Is(200);
        var before = warder.Connections.Count;
        using (var socket = new ClientWebSocket())
        {
            socket.Options.SetRequestHeader("Authorization", "Bearer " + warder.Key);
            await socket.ConnectAsync(
                new Uri(warder.Address.Replace("http://", "ws://", StringComparison.Ordinal) + "/replicas/stream"), CancellationToken.None);
            Assert.Equal(before + 1, warder.Connections.Count);
        }

        using (var some = new Sockets(warder.Address))
            await some.Open(50);
        await Eventually.Holds(() => Task.FromResult(warder.Connections.Count == before), Soon, "Places are lost.");
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("0.0.0.0", "::", false)]
    public void Limits_know_an_address_by_all_of_IPv4_and_by_the_64_of_IPv6(string one, string other, bool same)
        => Assert.Equal(
            same, ClientAddress.Number(System.Net.IPAddress.Parse(one)) == ClientAddress.Number(System.Net.IPAddress.Parse(other)));
}
