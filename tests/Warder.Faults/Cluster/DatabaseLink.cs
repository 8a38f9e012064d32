using System.Net;
using System.Net.Sockets;

namespace Warder.Faults.Cluster;

/// <summary>
/// Stands between one node and the database and passes on what both say, byte by byte: later than it came, when the link is slow; not now, when it is
/// held; and without the database's notifications, when it is deaf to them. Connections must not use TLS, so that messages can be told apart.
/// </summary>
internal sealed class DatabaseLink : IDisposable
{
    private const int ChunkBytes = 64 * 1024;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    private readonly Socket listener;
    private readonly IPEndPoint database;
    private readonly Action<Way, bool>? cable;
    private readonly CancellationTokenSource ending = new();
    private volatile Way held;

    public DatabaseLink(IPEndPoint address, IPEndPoint database, Action<Way, bool>? cable)
    {
        (this.database, this.cable) = (database, cable);
        listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(address);
        listener.Listen();
        Address = (IPEndPoint)listener.LocalEndPoint!;
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>How much later at most what a node says reaches the database: its acknowledgements among it. How much it is varies, so that connections overtake each other.</summary>
    public TimeSpan DelayToDatabase { get; set; }

    /// <summary>How much later at most what the database says reaches the node.</summary>
    public TimeSpan DelayFromDatabase { get; set; }

    /// <summary>Whether notifications are lost.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Cuts one way or both, or mends them. What was on its way arrives afterwards, as TCP has it.</summary>
    public void Cut(Way way, bool on)
    {
        if (cable is not null)
            cable(way, on);
        else
            held = on ? held | way : held & ~way;
    }

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

    private async Task PassAsync(Socket node)
    {
        using var near = node;
        using var far = new Socket(database.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            near.NoDelay = true;
            await far.ConnectAsync(database, ending.Token);
            var notifications = new NotificationFilter();
            // Whoever ends it ends it for both, once that may be known.
            var first = await Task.WhenAny(
                PassAsync(near, far, Way.ToDatabase, () => DelayToDatabase, null), PassAsync(far, near, Way.FromDatabase, () => DelayFromDatabase, notifications));
            await first;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Gone.
        }
    }

    private async Task PassAsync(Socket from, Socket to, Way way, Func<TimeSpan> delay, NotificationFilter? notifications)
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
            for (var rest = notifications?.Pass(buffer.AsSpan(0, count), IsDeaf) ?? buffer.AsMemory(0, count); !rest.IsEmpty;)
                rest = rest[await to.SendAsync(rest, ending.Token)..];
        }
        while (count > 0);
    }
}
