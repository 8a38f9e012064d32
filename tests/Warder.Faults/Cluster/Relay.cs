using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Warder.Faults.Cluster;

/// <summary>
/// Relays the bytes of two sides to each other. A slow link delays them, a held link keeps them back, and a closed link drops the
/// connections.
/// </summary>
internal class Relay : IDisposable
{
    private const int ChunkBytes = 64 * 1024;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    private readonly Socket listener;
    private readonly Action<Way, bool>? cable;
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<Socket, bool> open = new();
    private volatile IPEndPoint destination;
    private volatile Way held;
    private volatile bool isClosed;

    /// <param name="address">The address to listen on.</param>
    /// <param name="destination">The address to pass bytes on to.</param>
    /// <param name="cable">Cuts the cable between the caller and this relay, or mends it; null where there is none.</param>
    public Relay(IPEndPoint address, IPEndPoint destination, Action<Way, bool>? cable)
    {
        (this.destination, this.cable) = (destination, cable);
        listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(address);
        listener.Listen();
        Address = (IPEndPoint)listener.LocalEndPoint!;
        _ = AcceptAsync();
    }

    /// <summary>The relay's address.</summary>
    public IPEndPoint Address { get; }

    /// <summary>The destination of new connections.</summary>
    public IPEndPoint Destination
    {
        get => destination;
        set => destination = value;
    }

    /// <summary>Whether a connection is open through the relay.</summary>
    public bool IsInUse => !open.IsEmpty;

    /// <summary>
    /// The maximum delay of the near side's bytes, which include its acknowledgements. The delay varies, so that connections overtake each
    /// other.
    /// </summary>
    public TimeSpan DelayThere { get; set; }

    /// <summary>The maximum delay of the far side's bytes.</summary>
    public TimeSpan DelayBack { get; set; }

    /// <summary>Whether new connections are refused. Open connections are broken separately.</summary>
    public bool IsClosed
    {
        get => isClosed;
        set => isClosed = value;
    }

    /// <summary>Cuts one direction or both, or mends them. Bytes in flight arrive afterwards, as with TCP.</summary>
    public void Cut(Way way, bool on)
    {
        if (cable is not null)
            cable(way, on);
        else
            held = on ? held | way : held & ~way;
    }

    /// <summary>Breaks the open connections.</summary>
    public void Break()
    {
        foreach (var socket in open.Keys)
            socket.Dispose();
    }

    /// <summary>Creates the filter of the far side's bytes for one connection: null passes them on unchanged.</summary>
    protected virtual Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? Filter() => null;

    public void Dispose()
    {
        ending.Cancel();
        listener.Dispose();
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                _ = PassAsync(await listener.AcceptAsync(ending.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The relay has ended, or the caller has gone before the accept.
            }
        }
    }

    private async Task PassAsync(Socket accepted)
    {
        using var near = accepted;
        using var far = new Socket(destination.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (isClosed)
            return;
        open.TryAdd(near, true);
        try
        {
            near.NoDelay = true;
            await far.ConnectAsync(destination, ending.Token);
            // The first end ends both directions, once the link lets the end through.
            var first = await Task.WhenAny(
                PassAsync(near, far, Way.There, () => DelayThere, null), PassAsync(far, near, Way.Back, () => DelayBack, Filter()));
            await first;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The connection has ended.
        }
        finally
        {
            open.TryRemove(near, out _);
        }
    }

    private async Task PassAsync(
        Socket from, Socket to, Way way, Func<TimeSpan> delay, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? filter)
    {
        var buffer = new byte[ChunkBytes];
        int count;
        do
        {
            try
            {
                count = await from.ReceiveAsync(buffer, ending.Token);
            }
            catch (SocketException)
            {
                count = 0;
            }

            if (delay() is { Ticks: > 0 } late)
                await Task.Delay(late * Random.Shared.NextDouble(), ending.Token);
            while (held.HasFlag(way))
                await Task.Delay(BetweenLooks, ending.Token);
            var rest = (ReadOnlyMemory<byte>)buffer.AsMemory(0, count);
            for (rest = filter?.Invoke(rest) ?? rest; !rest.IsEmpty;)
                rest = rest[await to.SendAsync(rest, ending.Token)..];
        }
        while (count > 0);
    }
}

/// <summary>
/// Relays between a node and the database, and drops the database's notifications while it is deaf. Connections must not use TLS, so that
/// the filter can parse messages.
/// </summary>
internal sealed class DatabaseLink(IPEndPoint address, IPEndPoint database, Action<Way, bool>? cable) : Relay(address, database, cable)
{
    /// <summary>Whether notifications are dropped.</summary>
    public bool IsDeaf { get; set; }

    protected override Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Filter()
    {
        var notifications = new NotificationFilter();
        return piece => notifications.Pass(piece.Span, IsDeaf);
    }
}
