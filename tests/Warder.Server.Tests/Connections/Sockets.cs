using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Warder.Server.Tests.Connections;

/// <summary>Opens many connections as one client, and may send nothing on them.</summary>
internal sealed class Sockets(string address) : IDisposable
{
    private readonly IPEndPoint endpoint = new(IPAddress.Loopback, new Uri(address).Port);
    private readonly List<Socket> sockets = [];

    public int Count => sockets.Count;

    /// <summary>Opens connections, and sends the same bytes on each.</summary>
    public async Task Open(int count, string text = "")
    {
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            sockets.Add(socket);
            try
            {
                await socket.ConnectAsync(endpoint);
                if (text.Length > 0)
                    await socket.SendAsync(Encoding.ASCII.GetBytes(text));
            }
            catch (SocketException)
            {
                // The server has already refused this connection.
            }
        }
    }

    /// <summary>Counts the connections that the server has not closed.</summary>
    public int CountOpen() => sockets.Count(static socket => IsOpen(socket));

    /// <summary>Reads the bytes that have arrived on a connection.</summary>
    public async Task<string> Read(int index)
    {
        var bytes = new byte[4_096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return Encoding.ASCII.GetString(bytes, 0, await sockets[index].ReceiveAsync(bytes, patience.Token));
    }

    public void Dispose() => sockets.ForEach(static socket => socket.Dispose());

    private static bool IsOpen(Socket socket)
    {
        try
        {
            // Readable and empty: the server has closed it.
            return socket.Connected && !(socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
