using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Warder.Server.Tests.Connections;

/// <summary>Connections of a client that opens many, and perhaps sends nothing.</summary>
internal sealed class Sockets(string address) : IDisposable
{
    private readonly IPEndPoint endpoint = new(IPAddress.Loopback, new Uri(address).Port);
    private readonly List<Socket> sockets = [];

    public int Count => sockets.Count;

    /// <summary>Opens connections, and sends the same on each.</summary>
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
                // Refused already.
            }
        }
    }

    /// <summary>How many the server has not closed.</summary>
    public int CountOpen() => sockets.Count(static socket => IsOpen(socket));

    /// <summary>Reads what has come on a connection.</summary>
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
            // Readable and empty: the other end has closed it.
            return socket.Connected && !(socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
