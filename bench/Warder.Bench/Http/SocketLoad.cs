using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Warder.Bench.Http;

/// <summary>Generates load where there is no wrk: keep-alive connections, each with one request in flight.</summary>
internal static class SocketLoad
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var address = new Uri(arguments[0]);
        var keys = int.Parse(arguments[3]);
        var per = int.Parse(arguments[4]);
        var tokens = File.ReadLines(arguments[2]).Take(keys).ToArray();
        var head =
            $"POST {arguments[1]} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {arguments[5]}\r\nContent-Type:"
                + $" application/json\r\nContent-Length: ";
        var clock = Stopwatch.StartNew();
        var end = TimeSpan.FromSeconds(double.Parse(arguments[7]));
        long requests = 0, errors = 0;

        async Task Connection()
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, address.Port);
            var buffer = new byte[256 * 1024];
            while (clock.Elapsed < end)
            {
                var body = per == 1
                    ? One(tokens)
                    : $"{{\"validations\":[{string.Join(',', Enumerable.Range(0, per).Select(_ => One(tokens)))}]}}";
                await socket.SendAsync(Encoding.ASCII.GetBytes($"{head}{body.Length}\r\n\r\n{body}"));
                var filled = 0;
                do
                {
                    var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
                    if (read == 0)
                        throw new IOException("The server closed the connection.");
                    filled += read;
                }
                while (!HttpText.IsWhole(buffer.AsSpan(0, filled)));
                if (buffer.AsSpan(0, filled).StartsWith("HTTP/1.1 200"u8))
                    Interlocked.Increment(ref requests);
                else
                    Interlocked.Increment(ref errors);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, int.Parse(arguments[6])).Select(_ => Connection()));
        Console.WriteLine($"RESULT {requests} {clock.Elapsed.TotalMicroseconds:0} {errors}");
        return 0;
    }

    private static string One(string[] tokens) => $"{{\"value\":\"{tokens[Random.Shared.Next(tokens.Length)]}\"}}";
}
