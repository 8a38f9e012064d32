using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Warder.Faults.Load;

namespace Warder.Faults.Cluster;

/// <summary>One server: a process, where it listens, and how it reaches the database.</summary>
internal sealed class Node(string name, IPEndPoint address, RunningProgram process, DatabaseLink? link, WallClock? clock) : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60), StopWithin = TimeSpan.FromSeconds(30), BetweenLooks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(5);

    public string Name { get; } = name;

    public IPEndPoint Address { get; } = address;

    /// <summary>Null where the database is the server's own file.</summary>
    public DatabaseLink? Link { get; } = link;

    /// <summary>Null where clocks cannot be stepped.</summary>
    public WallClock? Clock { get; } = clock;

    public string LastWords => process.LastWords;

    /// <summary>Starts it, and waits until it says that it is ready. Again when it ends, as a service manager would: a node does not start without its database.</summary>
    public void Start()
    {
        process.Start();
        for (var since = Stopwatch.StartNew(); !IsReady();)
        {
            if (since.Elapsed > ReadyWithin)
                throw new InvalidOperationException($"{Name} did not get ready within {ReadyWithin}. {LastWords}");
            Thread.Sleep(BetweenLooks);
            if (!process.IsRunning)
                process.Start();
        }
    }

    /// <summary>Ends it without any chance to do anything.</summary>
    public void Kill()
    {
        process.Send(Signal.Kill);
        process.WaitForEnd(StopWithin);
    }

    /// <summary>Asks it to stop, as a service manager would.</summary>
    public void Stop()
    {
        process.Send(Signal.Terminate);
        if (!process.WaitForEnd(StopWithin))
            throw new InvalidOperationException($"{Name} did not stop within {StopWithin}. {LastWords}");
    }

    public void Pause() => process.Send(Signal.Stop);

    public void Continue() => process.Send(Signal.Continue);

    public void Dispose()
    {
        process.Dispose();
        Link?.Dispose();
    }

    private bool IsReady()
    {
        try
        {
            using var wire = Wire.Connect(Address, LookPatience);
            wire.Send(Encoding.ASCII.GetBytes($"GET /health/ready HTTP/1.1\r\nHost: {Name}\r\n\r\n"));
            return wire.Receive().Status == 200;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
