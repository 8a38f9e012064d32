using Warder.Server.Tests.Hosting;


namespace Warder.Server.Tests.Connections;

public sealed class TrustedProxyTests
{
    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("198.51.100.1, 203.0.113.9", "203.0.113.9")] // The client's own entry comes before the proxy's entry.
    [InlineData("203.0.113.9, 10.1.2.3", "203.0.113.9")] // A chain of listed proxies.
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")] // An IPv4 address, as a socket for both families writes it.
    [InlineData("203.0.113.9, ::ffff:10.1.2.3", "203.0.113.9")]
    [InlineData("203.0.113.9:4711", "203.0.113.9")]
    [InlineData("10.9.9.9, 203.0.113.9, 198.51.100.2", "198.51.100.2")] // The last address that no listed proxy has.
    [InlineData("nonsense", "127.0.0.1")]
    public async Task Behind_a_listed_proxy_the_address_that_is_recorded_is_the_forwarded_one(string forwarded, string recorded)
    {
        await using var warder = await RunningWarder.StartAsync(
            options: options => options with { TrustedProxies = ["127.0.0.1", "10.0.0.0/8"] });
        Assert.Equal(recorded, await RecordedAddress(warder, forwarded));
    }

    [Fact]
    public async Task Nobody_is_trusted_by_default()
    {
        await using var warder = await RunningWarder.StartAsync();
        Assert.Equal("127.0.0.1", await RecordedAddress(warder, "203.0.113.9"));
    }

    [Fact]
    public async Task A_network_may_be_written_as_ipv6_writes_ipv4()
    {
        await using var warder = await RunningWarder.StartAsync(
            options: options => options with { TrustedProxies = ["::ffff:127.0.0.0/104"] });
        Assert.Equal("203.0.113.9", await RecordedAddress(warder, "203.0.113.9"));
    }

    [Fact]
    public async Task The_bound_by_address_is_not_for_a_listed_proxy()
    {
        await using var warder = await RunningWarder.StartAsync(
            options: options => options with { ConnectionsPerAddress = 5, TrustedProxies = ["127.0.0.0/8"] });
        using var idle = new Sockets(warder.Address);
        await idle.Open(30);
        await Eventually.Holds(
            () => Task.FromResult(warder.Connections.Count == 30), TimeSpan.FromSeconds(10), "Connections were refused.");
        Assert.Equal(30, idle.CountOpen());
    }

    [Fact]
    public async Task Failures_are_counted_by_the_forwarded_address()
    {
        await using var warder = await RunningWarder.StartAsync(
            options: options => options with { FailedAuthenticationsPerSecond = 1, TrustedProxies = ["127.0.0.1"] });
        for (var i = 0; i < 5; i++)
            (await Fail(warder, "203.0.113.9")).Is(401);
        (await Fail(warder, "203.0.113.9")).Is(429);
        (await Fail(warder, "203.0.113.10")).Is(401);
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("proxy.example.com")]
    [InlineData("")]
    public async Task What_is_no_network_is_refused_at_the_start(string proxy)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(
            () => RunningWarder.StartAsync(options: options => options with { TrustedProxies = [proxy] }));
        Assert.Contains("--trusted-proxy", refused.Message, StringComparison.Ordinal);
    }

    private static Task<Reply> Fail(RunningWarder warder, string forwarded)
        => warder.Send("GET", "/organizations", null, "wdrm_wrong", ("X-Forwarded-For", forwarded));

    private static async Task<string?> RecordedAddress(RunningWarder warder, string forwarded)
    {
        (await warder.Send("POST", "/organizations", new { name = "n" }, null, ("X-Forwarded-For", forwarded))).Is(201);
        return (await warder.LastChange()).GetProperty("context").GetProperty("source_address").GetString();
    }
}
