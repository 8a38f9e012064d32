using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Warder.Client;
using Warder.Core.Secrets;
using Warder.Faults.Lanes;
using Warder.Faults.Load;

namespace Warder.Application;

/// <summary>
/// Runs an application that validates in its own process, on inquiries over its connections, and reports answers with their times. Its
/// arguments: <c>follow --name NAME --listen ADDRESS:PORT --node URL… --epochs FILE [--preload]</c>; its management key is in
/// <c>WARDER_MANAGEMENT_KEY</c>.
/// </summary>
public static class Replica
{
    // As long as a lease: the program validates at other verifiers meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Runs until a stop is requested; returns the exit code.</summary>
    public static async Task<int> Follow(string[] arguments, Func<WarderVerifierOptions, WarderVerifier> make)
    {
        IEnumerable<string> All(string name) => arguments.Zip(arguments.Skip(1)).Where(pair => pair.First == name)
            .Select(pair => pair.Second);
        string One(string name) => All(name).Single();
        var options = new WarderVerifierOptions
        {
            Name = One("--name"),
            Nodes = [.. All("--node").Select(node => new Uri(node))],
            ManagementKey = Environment.GetEnvironmentVariable("WARDER_MANAGEMENT_KEY")!,
            Preload = arguments.Contains("--preload"),
            Timeout = Patience,
            // Namespaces of one machine are a network of their own.
            AllowInsecure = true,
        };
        using var epochs = Epochs.Open(One("--epochs"));
        await using var verifier = make(options);
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(IPEndPoint.Parse(One("--listen")));
        listener.Listen();
        new Thread(() => Accept(listener, verifier, epochs)) { IsBackground = true }.Start();
        var stopped = new TaskCompletionSource();
        using var stop = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stopped.TrySetResult();
        });
        await stopped.Task;
        return 0;
    }

    private static void Accept(Socket listener, WarderVerifier verifier, Epochs epochs)
    {
        try
        {
            while (true)
            {
                var wire = Wire.Over(listener.Accept());
                new Thread(() => Serve(wire, verifier, epochs)) { IsBackground = true }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The application ends.
        }
    }

    // Messages that arrived while this process stood still have waited in the socket, and are handled first.
    private static void Serve(Wire wire, WarderVerifier verifier, Epochs epochs)
    {
        using (wire)
        {
            try
            {
                while (true)
                    new Inspection(Inquiry.Read(wire.ReceiveFrame()), verifier, epochs, wire).Run();
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // The program has closed the connection.
            }
        }
    }
}
