using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Warder.Bench.Http;

namespace Warder.Bench.Peers;

/// <summary>Runs a private Redis that writes nothing to disk.</summary>
internal sealed class RedisServer : IDisposable
{
    private const string EndSignal = "TERM";
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(10);
    private readonly Process process;

    public RedisServer(Bench bench)
    {
        var port = WarderProcess.FreePort();
        Url = $"redis://127.0.0.1:{port}";
        var program = Tool.Find("redis-server", ["redis-server", "valkey-server"]);
        var folder = bench.NewFolder("redis");
        process = Process.Start(Tied.Command(EndSignal, program,
        [
            "--port", port.ToString(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder, "--logfile",
            Path.Combine(folder, "log"),
        ]))!;
        WaitUntilReady(port);
    }

    /// <summary>Its URL for clients.</summary>
    public string Url { get; }

    public int ProcessId => process.Id;

    public void Dispose() => Tied.End(process, EndSignal);

    private void WaitUntilReady(int port)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (!process.HasExited && waited.Elapsed < ReadyWithin)
            {
                Thread.Sleep(5);
            }
        }
    }
}
