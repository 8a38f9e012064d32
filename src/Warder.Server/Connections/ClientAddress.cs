using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Warder.Server.Connections;

/// <summary>
/// The address of a request's client: the peer's; or, where the peer is a trusted proxy, the last address in <c>X-Forwarded-For</c> that is
/// no trusted proxy's. Without a trusted proxy the header is ignored, so that no client chooses the address that is recorded or limited.
/// </summary>
internal sealed class ClientAddress
{
    private const int NetworkBitsOfV6 = 64;

    private readonly IReadOnlyList<IPNetwork> proxies;
    private readonly ForwardedHeadersMiddleware? forwarded;

    public ClientAddress(IReadOnlyList<IPNetwork> proxies, ILoggerFactory loggers)
    {
        this.proxies = proxies;
        if (proxies.Count == 0)
            return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        // The defaults trust loopback.
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var proxy in proxies)
            options.KnownIPNetworks.Add(proxy);
        forwarded = new ForwardedHeadersMiddleware(static _ => Task.CompletedTask, loggers, Options.Create(options));
    }

    /// <summary>Returns the client's address. Computed on demand only: a validation hit does not need it.</summary>
    public IPAddress? Of(HttpContext http)
    {
        forwarded?.ApplyForwarders(http);
        return http.Connection.RemoteIpAddress is { } address ? Canonical(address) : null;
    }

    /// <summary>Determines whether a peer is a trusted proxy.</summary>
    public bool IsTrustedProxy(IPAddress peer)
    {
        var address = Canonical(peer);
        foreach (var proxy in proxies)
        {
            if (proxy.Contains(address))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Returns the number of an address in limits: the address itself for IPv4, its /64 for IPv6, because one client has all addresses of a
    /// /64.
    /// </summary>
    public static UInt128 Number(IPAddress? address)
    {
        if (address is null)
            return 0;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var canonical = Canonical(address);
        if (!canonical.TryWriteBytes(bytes, out _))
            return 0;
        var number = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return canonical.AddressFamily == AddressFamily.InterNetwork ? (number >> 96) + 1 : number >> NetworkBitsOfV6 << NetworkBitsOfV6;
    }

    private static IPAddress Canonical(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
