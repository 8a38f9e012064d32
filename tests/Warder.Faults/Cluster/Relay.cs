using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Warder.Faults.Cluster;

/// <summary>
/// Stands between two and passes on what both say, byte by byte: later than it came, when the link is slow; not now, when it is held; to
/// nobody, when it is closed.
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

    /// <param name="address">Where to listen.</param>
    /// <param name="destination">To whom it passes on what it hears.</param>
    /// <param name="cable">Cuts the cable over which it is reached, or mends it; null where there is none.</param>
    public Relay(IPEndPoint address, IPEndPoint destination, Action<Way, bool>? cable)
    {
        (this.destination, this.cable) = (destination, cable);
        listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(address);
        listener.Listen();
        Address = (IPEndPoint)listener.LocalEndPoint!;
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>To whom new connections are passed on.</summary>
    public IPEndPoint Destination
    {
        get => destination;
        set => destination = value;
    }

    /// <summary>Whether somebody is connected through it.</summary>
    public bool IsInUse => !open.IsEmpty;

    /// <summary>
    /// How much later at most what the near one says comes there: its acknowledgements among it. How much it is varies, so that connections
    /// overtake each other.
    /// </summary>
    public TimeSpan DelayThere { get; set; }

    /// <summary>How much later at most what the far one says comes back.</summary>
    public TimeSpan DelayBack { get; set; }

    /// <summary>Whether nobody gets through. What there is, is to be broken besides.</summary>
    public bool IsClosed
    {
        get => isClosed;
        set => isClosed = value;
    }

    /// <summary>Cuts one way or both, or mends them. What was on its way arrives afterwards, as TCP has it.</summary>
    public void Cut(Way way, bool on)
    {
        if (cable is not null)
            cable(way, on);
        else
            held = on ? held | way : held & ~way;
    }

    /// <summary>Breaks the connections that there are.</summary>
    public void Break()
    {
        foreach (var socket in open.Keys)
            socket.Dispose();
    }

    /// <summary>What to make of what the far one says, over one connection: null, to pass it on as it is.</summary>
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
                // At its end, or the caller has gone before it was let in.
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
            // Whoever ends it ends it for both, once that may be known.
            var first = await Task.WhenAny(PassAsync(near, far, Way.There, () => DelayThere, null), PassAsync(far, near, Way.Back, () => DelayBack, Filter()));
            await first;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Gone.
        }
        finally
        {
            open.TryRemove(near, out _);
        }
    }

    private async Task PassAsync(Socket from, Socket to, Way way, Func<TimeSpan> delay, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? filter)
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
/// Between a node and the database: without the database's notifications, when it is deaf to them. Connections must not use TLS, so that
/// messages can be told apart.
/// </summary>
internal sealed class DatabaseLink(IPEndPoint address, IPEndPoint database, Action<Way, bool>? cable) : Relay(address, database, cable)
{
    /// <summary>Whether notifications are lost.</summary>
    public bool IsDeaf { get; set; }

    protected override Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Filter()
    {
        var notifications = new NotificationFilter();
        return piece => notifications.Pass(piece.Span, IsDeaf);
    }
}
