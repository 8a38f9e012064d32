using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Warder.Client;
using Warder.Core.Secrets;
using Warder.Faults.Lanes;
using Warder.Faults.Load;

namespace Warder.Application;

/// <summary>
/// An application that validates in its own process, as it is told over connections, and says what was answered and when. Its arguments:
/// <c>follow --name NAME --listen ADDRESS:PORT --node URL… --epochs FILE [--preload]</c>; its management key is in
/// <c>WARDER_MANAGEMENT_KEY</c>.
/// </summary>
public static class Replica
{
    // As long as a lease: who asks has others to ask.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Runs until it is asked to stop: the exit code.</summary>
    public static async Task<int> Follow(string[] arguments, Func<WarderVerifierOptions, WarderVerifier> make)
    {
        IEnumerable<string> All(string name) => arguments.Zip(arguments.Skip(1)).Where(pair => pair.First == name).Select(pair => pair.Second);
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
        var asked = new TaskCompletionSource();
        using var stop = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            asked.TrySetResult();
        });
        await asked.Task;
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
            // It ends.
        }
    }

    // What was said while this process stood still has waited in the socket, and is the first that is done.
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
                // Who asked has gone.
            }
        }
    }
}
