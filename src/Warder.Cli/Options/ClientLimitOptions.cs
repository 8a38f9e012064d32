using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Server.Hosting;

namespace Warder.Cli.Options;

/// <summary>The options of <c>warder serve</c> that bound clients.</summary>
internal sealed class ClientLimitOptions
{
    public Option<int?> MaxConnections { get; } = Arguments.Number(
        "--max-connections", "The most connections of clients; the limit of open files may allow fewer. By default 16384.");

    public Option<int?> PerAddress { get; } = Arguments.Number(
        "--connections-per-address",
        "The most connections of one address that have not authenticated a request. By default 256; 0: no bound.");

    public Option<int?> Management { get; } = Arguments.Number(
        "--management-requests-per-second",
        "The most requests a second of one management key, with bursts of five seconds' worth. "
            + "Validations and endings are not counted. By default 200; 0: no bound.");

    public Option<int?> Failures { get; } = Arguments.Number(
        "--failed-authentications-per-second",
        "The most requests a second of one address without a good management key, with bursts of five seconds' worth. "
            + "By default 20; 0: no bound.");

    public Option<string[]> Proxies { get; } = new("--trusted-proxy")
    {
        Description = "A proxy whose X-Forwarded-For names the client's address: an address, or a network as 10.0.0.0/8; "
            + "repeat for more. By default none.",
        HelpName = "CIDR",
    };

    /// <summary>Applies the given options.</summary>
    public ServeOptions Apply(Invocation call, ServeOptions options) => options with
    {
        MaxConnections = call.Get(MaxConnections) ?? options.MaxConnections,
        ConnectionsPerAddress = call.Get(PerAddress) ?? options.ConnectionsPerAddress,
        ManagementRequestsPerSecond = call.Get(Management) ?? options.ManagementRequestsPerSecond,
        FailedAuthenticationsPerSecond = call.Get(Failures) ?? options.FailedAuthenticationsPerSecond,
        TrustedProxies = call.Many(Proxies) ?? options.TrustedProxies,
    };
}
