using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Warder.Bench.Claims;

/// <summary>From the start of <c>warder serve</c>'s process on a database of a million keys to the first validation's answer over HTTP.</summary>
internal sealed class ColdStart : Claim
{
    public override string Name => "cold-start";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var database = bench.Database(1_000_000);
        var token = File.ReadLines(database.TokensPath).Skip(500_000).First();
        var body = $$"""{"value":"{{token}}"}""";
        var request = Encoding.ASCII.GetBytes(
            $"POST /api_keys/validations HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {database.Authorization}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}");
        var times = Enumerable.Range(0, bench.Rounds(9)).Select(_ => Start(database.Folder, request)).ToList();
        yield return new Row("cold start to the first validation over HTTP, 1,000,000 keys", times.Median(), 1, 0.5)
        {
            Unit = " s", Note = $"from {times.Min():0.00} to {times.Max():0.00} s; the files are in the page cache",
        };
    }

    private static double Start(string folder, byte[] request)
    {
        var port = FreePort();
        var path = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../Warder.Cli/release/warder"));
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(
            new ProcessStartInfo(path, ["serve", "--data", folder, "--listen", $"http://127.0.0.1:{port}"]) { RedirectStandardError = true })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        try
        {
            while (true)
            {
                if (process.HasExited)
                    throw new InvalidOperationException("The server ended.");
                if (Ask(port, request) is { } answer)
                {
                    var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
                    return answer.Contains("\"allow\":true", StringComparison.Ordinal) ? took : throw new InvalidOperationException(answer);
                }

                Thread.Sleep(2);
            }
        }
        finally
        {
            // Politely, so that the next start finds no recovery to do.
            using var terminate = Process.Start("kill", process.Id.ToString());
            terminate.WaitForExit();
            process.WaitForExit();
        }
    }

    private static string? Ask(int port, byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(IPAddress.Loopback, port);
        }
        catch (SocketException)
        {
            return null;
        }

        socket.Send(request);
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
