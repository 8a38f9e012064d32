using System.Net;

namespace Warder.Server.Connections;

/// <summary>
/// The bounds on clients: the numbers of connections and requests, and the peers that name the client's address. See docs/operations.md.
/// </summary>
/// <param name="MaxConnections">Connections in total; the descriptor limit may allow fewer.</param>
/// <param name="ConnectionsPerAddress">Connections of one address that have not authenticated a request; 0: no bound.</param>
/// <param name="ManagementRequestsPerSecond">Requests of one management key, except validations and endings; 0: no bound.</param>
/// <param name="FailedAuthenticationsPerSecond">Requests of one address without a good management key; 0: no bound.</param>
/// <param name="TrustedProxies">The networks of peers that name the client's address in <c>X-Forwarded-For</c>.</param>
internal sealed record ClientLimits(
    int MaxConnections, int ConnectionsPerAddress, int ManagementRequestsPerSecond, int FailedAuthenticationsPerSecond,
    IReadOnlyList<IPNetwork> TrustedProxies)
{
    public const int DefaultMaxConnections = 16_384;
    public const int DefaultConnectionsPerAddress = 256;
    public const int DefaultManagementRequestsPerSecond = 200;
    public const int DefaultFailedAuthenticationsPerSecond = 20;

    /// <summary>A burst of management requests, in seconds of the rate.</summary>
    public const int ManagementBurstSeconds = 5;

    /// <summary>A burst of failed authentications, in seconds of the rate.</summary>
    public const int FailureBurstSeconds = 5;

    private const int MappedPrefixBits = 96;
    private const int MostConnections = 1_000_000;
    private const int MostPerSecond = 1_000_000;

    /// <summary>Checks the options' values.</summary>
    /// <exception cref="ArgumentException">A value is out of bounds, or no network; the message names the option.</exception>
    public static ClientLimits Parse(
        int maxConnections, int connectionsPerAddress, int managementRequestsPerSecond, int failedAuthenticationsPerSecond,
        IReadOnlyList<string> trustedProxies)
    {
        Check("--max-connections", maxConnections, 1, MostConnections);
        Check("--connections-per-address", connectionsPerAddress, 0, MostConnections);
        Check("--management-requests-per-second", managementRequestsPerSecond, 0, MostPerSecond);
        Check("--failed-authentications-per-second", failedAuthenticationsPerSecond, 0, MostPerSecond);
        return new ClientLimits(
            maxConnections, connectionsPerAddress, managementRequestsPerSecond, failedAuthenticationsPerSecond,
            [.. trustedProxies.Select(Network)]);
    }

    // Addresses of peers are compared as IPv4 where they are IPv4.
    private static IPNetwork Canonical(IPNetwork network)
        => network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedPrefixBits
            ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedPrefixBits)
            : network;

    private static void Check(string option, int value, int least, int most)
    {
        if (value < least || value > most)
            throw new ArgumentException($"{option}: must be {least} to {most}.");
    }

    private static IPNetwork Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
            return Canonical(network);
        if (IPAddress.TryParse(text, out var address) && !text.Contains('/', StringComparison.Ordinal))
            return Canonical(new IPNetwork(address, address.GetAddressBytes().Length * 8));
        throw new ArgumentException(
            $"--trusted-proxy: '{text}' is no network. Write an address, or a network in CIDR notation: 10.0.0.0/8, 2001:db8::/32.");
    }
}
