using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Warder.Server.Tests.Hosting;

/// <summary>Sends a request over a raw connection, in any number of pieces.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    /// <summary>A header that makes the server report that it waits for the body: see <see cref="BodyIsAwaited"/>.</summary>
    public const string Expecting = "Expect: 100-continue\r\n";

    private const string EndOfHead = "\r\n\r\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket socket;
    private readonly NetworkStream stream;

    private RawConnection(Socket socket) => (this.socket, stream) = (socket, new NetworkStream(socket, ownsSocket: true));

    public static async Task<RawConnection> OpenAsync(RunningWarder warder)
    {
        // No delay, so that each piece leaves as a packet of its own.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", new Uri(warder.Address).Port);
        return new RawConnection(socket);
    }

    /// <summary>Builds the start of a JSON request: its request line, and its headers except those about the body's length.</summary>
    public static string Post(string path, string key)
        => $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n";

    public async Task Send(string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Waits until the server has read all sent bytes and waits for more of the body, which it reports with "100 Continue". The server
    /// reads no body of an unauthenticated request.
    /// </summary>
    public async Task BodyIsAwaited() => Assert.Equal("HTTP/1.1 100 Continue" + EndOfHead, await Head());

    /// <summary>Reads one whole answer.</summary>
    public async Task<(int Status, string Text)> Answer()
    {
        var head = await Head();
        var length = head.Split("\r\n")
            .Single(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))["Content-Length: ".Length..];
        var body = await Read(int.Parse(length, CultureInfo.InvariantCulture));
        return (int.Parse(head["HTTP/1.1 ".Length..][..3], CultureInfo.InvariantCulture), Encoding.UTF8.GetString(body));
    }

    /// <summary>Closes the connection, and waits until the server has closed its end too.</summary>
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
            // The server may cut the connection off.
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
