using System.Net;
using System.Net.Sockets;
using System.Text;
using Warder.Faults.Load;

namespace Warder.Faults.Tests.Load;

public sealed class WireTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Answers_are_told_apart_however_they_are_cut()
    {
        var big = new string('x', 200_000);
        var answers = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello" + "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"
            + "HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
            + $"HTTP/1.1 200 OK\r\nContent-Length: {big.Length}\r\n\r\n{big}" + "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        for (var seed = 0; seed < 5; seed++)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            using var wire = Wire.Connect((IPEndPoint)listener.LocalEndpoint, Patience);
            using var server = listener.AcceptSocket();
            server.NoDelay = true;
            var random = new Random(seed);
            var saying = Task.Run(() =>
            {
                var bytes = Encoding.ASCII.GetBytes(answers);
                for (var at = 0; at < bytes.Length;)
                    at += server.Send(bytes.AsSpan(at, Math.Min(bytes.Length - at, random.Next(1, at < 400 ? 40 : 90_000))));
            });

            Assert.Equal((200, "hello"), Next(wire));
            Assert.Equal((204, ""), Next(wire));
            Assert.Equal((503, "abcdefg"), Next(wire));
            Assert.Equal((200, big), Next(wire));
            Assert.Equal((404, ""), Next(wire));
            await saying.WaitAsync(Patience);
            Assert.False(wire.IsStale);
            server.Close();
            Assert.Throws<IOException>(() => wire.Receive());
            Assert.True(wire.IsStale);
        }
    }

    private static (int Status, string Body) Next(Wire wire)
    {
        var (status, body) = wire.Receive();
        return (status, Encoding.ASCII.GetString(body.Span));
    }
}
