using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Warder.Server.Http;

namespace Warder.Server.Connections;

/// <summary>Applies the bounds on clients.</summary>
internal static partial class ClientBounds
{
    /// <summary>The longest time of a TLS handshake.</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private const int StreamsPerConnection = 100;
    private const int Http2ConnectionWindowBytes = 256 * 1024;
    private const int Http2StreamWindowBytes = 128 * 1024;
    private const int RequestBufferBytes = 64 * 1024;
    private const double LeastBytesPerSecond = 240;

    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(130);
    private static readonly TimeSpan RateGracePeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sets the framework's limits. Those of time and rate equal its defaults, and are explicit because documented bounds depend on them.
    /// </summary>
    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = Limits.BodyBytes;
        limits.MaxRequestHeadersTotalSize = Limits.HeaderBytes;
        limits.MaxRequestLineSize = Limits.RequestLineBytes;
        limits.RequestHeadersTimeout = HeaderTimeout;
        limits.KeepAliveTimeout = KeepAliveTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(LeastBytesPerSecond, RateGracePeriod);
        limits.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, RateGracePeriod);
        // The bytes that the server buffers for a client before a handler reads them.
        limits.MaxRequestBufferSize = RequestBufferBytes;
        limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        limits.Http2.MaxRequestHeaderFieldSize = Limits.HeaderBytes;
        limits.Http2.InitialConnectionWindowSize = Http2ConnectionWindowBytes;
        limits.Http2.InitialStreamWindowSize = Http2StreamWindowBytes;
        limits.Http2.KeepAlivePingDelay = PingDelay;
    }

    /// <summary>Registers the listener that enforces the bounds, and its services.</summary>
    /// <exception cref="ArgumentException">When the services are built: the descriptor limit is too low to serve.</exception>
    public static void AddTo(IServiceCollection services, ClientLimits limits, bool isShared)
    {
        services.AddSingleton(new RequestRates(limits));
        services.AddSingleton(provider => new ClientAddress(limits.TrustedProxies, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => Table(limits, isShared, provider.GetRequiredService<ILogger<ConnectionTable>>()));
        services.AddSingleton<ConnectionListenerFactory>();
        services.AddSingleton<IConnectionListenerFactory>(static provider => provider.GetRequiredService<ConnectionListenerFactory>());
    }

    private static ConnectionTable Table(ClientLimits limits, bool isShared, ILogger<ConnectionTable> logger)
    {
        var limit = DescriptorLimit.Raise();
        var open = DescriptorLimit.Open();
        var most = DescriptorLimit.Connections(limit, open, isShared, limits.MaxConnections);
        if (limit is { } descriptors && most < limits.MaxConnections)
        {
            if (most < DescriptorLimit.LeastConnections)
            {
                throw new ArgumentException(
                    $"The limit of open files is {descriptors}, and {open} are open: too few are left for connections."
                    + $" Raise it to {DescriptorLimit.Advised} or more (ulimit -n, or LimitNOFILE= in systemd).");
            }

            if (most < DescriptorLimit.FewConnections)
                LogFewConnections(logger, descriptors, most, DescriptorLimit.Advised);
        }

        return new ConnectionTable(most, limits.ConnectionsPerAddress, logger);
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The limit of open files is {Descriptors}: no more than {Connections} connections are accepted."
        + " Raise it to {Advised} or more (ulimit -n, or LimitNOFILE= in systemd)")]
    private static partial void LogFewConnections(ILogger logger, long descriptors, int connections, int advised);
}
