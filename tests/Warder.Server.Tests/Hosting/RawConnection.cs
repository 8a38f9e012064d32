using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Warder.Server.Tests.Hosting;

/// <summary>A connection of one's own, to send a request in as many pieces as one likes.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    /// <summary>A header that makes the server say when it waits for the body: see <see cref="BodyIsAwaited"/>.</summary>
    public const string Expecting = "Expect: 100-continue\r\n";

    private const string EndOfHead = "\r\n\r\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket socket;
    private readonly NetworkStream stream;

    private RawConnection(Socket socket) => (this.socket, stream) = (socket, new NetworkStream(socket, ownsSocket: true));

    public static async Task<RawConnection> OpenAsync(RunningWarder warder)
    {
        // Without delay, so that what is sent in pieces leaves in pieces.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", new Uri(warder.Address).Port);
        return new RawConnection(socket);
    }

    /// <summary>The start of a JSON request: its request line, and its headers but those about the body's length.</summary>
    public static string Post(string path, string key)
        => $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n";

    public async Task Send(string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Waits until the server has read all that was sent and waits for more of the body, which is when it says "100 Continue". It asks
    /// nobody for a body whom it has not let in.
    /// </summary>
    public async Task BodyIsAwaited() => Assert.Equal("HTTP/1.1 100 Continue" + EndOfHead, await Head());

    /// <summary>One answer, whole.</summary>
    public async Task<(int Status, string Text)> Answer()
    {
        var head = await Head();
        var length = head.Split("\r\n").Single(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))["Content-Length: ".Length..];
        var body = await Read(int.Parse(length, CultureInfo.InvariantCulture));
        return (int.Parse(head["HTTP/1.1 ".Length..][..3], CultureInfo.InvariantCulture), Encoding.UTF8.GetString(body));
    }

    /// <summary>Goes away, and waits until the server has noticed and has let go of the connection too.</summary>
    public async Task GoAway()
    {
        socket.Shutdown(SocketShutdown.Send);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await stream.CopyToAsync(Stream.Null, patience.Token);
        }
        catch (IOException)
        {
            // Cut off by the server, which is its right.
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<string> Head()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith(EndOfHead, StringComparison.Ordinal))
            head.Append((char)(await Read(1))[0]);
        return head.ToString();
    }

    private async Task<byte[]> Read(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, patience.Token);
        return bytes;
    }
}
