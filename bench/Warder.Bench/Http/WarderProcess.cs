using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Warder.Bench.Http;

/// <summary>Runs the <c>warder</c> executable as a server.</summary>
internal sealed class WarderProcess : IDisposable
{
    private const string EndSignal = "TERM";
    private readonly Process process;

    /// <param name="folder">Its data directory.</param>
    /// <param name="database">The shared PostgreSQL; null: an embedded database in the directory.</param>
    /// <param name="options">Further options.</param>
    public WarderProcess(string folder, string? database = null, params string[] options)
    {
        Address = $"http://127.0.0.1:{FreePort()}";
        var start = Command(
            database, ["serve", "--data", folder, "--listen", Address, "--management-requests-per-second", "0", .. options]);
        start.RedirectStandardError = true;
        process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
    }

    /// <summary>The server's address, once it listens.</summary>
    public string Address { get; }

    public int ProcessId => process.Id;

    /// <summary>Builds the command that runs one of its verbs.</summary>
    public static ProcessStartInfo Command(string? database, params string[] arguments)
    {
        // Built beside this program.
        var start = Tied.Command(
            EndSignal, Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../Warder.Cli/release/warder")), arguments);
        start.Environment["WARDER_DATABASE"] = database;
        return start;
    }

    /// <summary>Finds a free port.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Sends a request until there is an answer; returns the answer's body.</summary>
    public byte[] FirstAnswer(byte[] request)
    {
        while (!process.HasExited)
        {
            try
            {
                using var connection = new Connection(Address);
                return HttpText.BodyOf(connection.Exchange(request)).ToArray();
            }
            catch (SocketException)
            {
                Thread.Sleep(2);
            }
        }

        throw new InvalidOperationException("The server ended.");
    }

    /// <remarks>A clean stop, so that the next start has nothing to recover.</remarks>
    public void Dispose() => Tied.End(process, EndSignal);
}
