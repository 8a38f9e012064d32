using System.Net;
using System.Net.Sockets;

namespace Warder.Bench.Http;

/// <summary>Sends a request and receives its answer over one keep-alive connection, for one thread.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[64 * 1024];

    public Connection(string address)
    {
        try
        {
            socket.Connect(IPAddress.Loopback, new Uri(address).Port);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The answer, its head included; good until the next request.</summary>
    public ReadOnlySpan<byte> Exchange(ReadOnlySpan<byte> request)
    {
        socket.Send(request);
        var filled = 0;
        do
        {
            var read = socket.Receive(buffer.AsSpan(filled));
            if (read == 0)
                throw new IOException("The server closed the connection.");
            filled += read;
        }
        while (!HttpText.IsWhole(buffer.AsSpan(0, filled)));
        return buffer.AsSpan(0, filled);
    }

    public void Dispose() => socket.Dispose();
}
