using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Warder.Storage.Tests.Postgres;

/// <summary>
/// Relays between a client and PostgreSQL, and on demand fails as a server does. As a server that is stopped just after a commit, it
/// answers the COMMIT, announces the end of the connection, and ends it. As a server that cannot commit the next transaction, because
/// another session holds the lock of all notifications, it returns that error.
/// </summary>
internal sealed class DyingServer : IDisposable
{
    private const int HeadBytes = 5;
    private static readonly byte[] Committed = [(byte)'C', 0, 0, 0, 11, .. "COMMIT\0"u8];
    private static readonly byte[] Notified = [(byte)'C', 0, 0, 0, 11, .. "NOTIFY\0"u8];

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly string server;
    private volatile bool isDue;
    private volatile bool isNotificationRefused;

    /// <summary>Connects to the server of the connection string, by a Unix socket.</summary>
    public DyingServer(string connection)
    {
        listener.Start();
        var settings = new NpgsqlConnectionStringBuilder(connection);
        server = Path.Combine(settings.Host!, ".s.PGSQL.5432");
        (settings.Host, settings.Port, settings.SslMode) = ("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, SslMode.Disable);
        Connection = settings.ConnectionString;
        _ = Accept();
    }

    /// <summary>Returns the connection string of the relay.</summary>
    public string Connection { get; }

    /// <summary>Ends the next connection that commits.</summary>
    public void DieAfterTheNextCommit() => isDue = true;

    /// <summary>Answers the next notification with an error of its commit.</summary>
    public void RefuseTheNextNotification() => isNotificationRefused = true;

    public void Dispose() => listener.Dispose();

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                _ = Pass(await listener.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Pass(TcpClient accepted)
    {
        using var client = accepted;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(server));
        using var far = new NetworkStream(socket);
        using var near = client.GetStream();
        try
        {
            await Task.WhenAny(near.CopyToAsync(far), PassMessages(far, near));
        }
        catch (IOException)
        {
            // One side has closed the connection.
        }
    }

    private async Task PassMessages(Stream from, Stream to)
    {
        while (true)
        {
            var head = new byte[HeadBytes];
            await from.ReadExactlyAsync(head);
            var message = new byte[1 + BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
            head.CopyTo(message, 0);
            await from.ReadExactlyAsync(message.AsMemory(HeadBytes));
            await to.WriteAsync(message);
            if (isNotificationRefused && message.AsSpan().SequenceEqual(Notified))
            {
                isNotificationRefused = false;
                await to.WriteAsync(Error("ERROR", "55P03", "canceling statement due to lock timeout"));
            }

            if (!isDue || !message.AsSpan().SequenceEqual(Committed))
                continue;
            isDue = false;
            await to.WriteAsync(Error("FATAL", "57P01", "terminating connection due to administrator command"));
            return;
        }
    }

    private static byte[] Error(string severity, string code, string text)
    {
        var fields = Encoding.UTF8.GetBytes($"S{severity}\0V{severity}\0C{code}\0M{text}\0\0");
        var message = new byte[HeadBytes + fields.Length];
        message[0] = (byte)'E';
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        fields.CopyTo(message, HeadBytes);
        return message;
    }
}
