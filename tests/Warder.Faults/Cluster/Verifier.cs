using System.Diagnostics;
using System.Net;

namespace Warder.Faults.Cluster;

/// <summary>A process that answers validations, with its address and its wall clock.</summary>
internal abstract class Verifier(string name, IPEndPoint address, RunningProgram process, WallClock? clock) : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60), StopWithin = TimeSpan.FromSeconds(30),
        BetweenLooks = TimeSpan.FromMilliseconds(100);

    public string Name { get; } = name;

    public IPEndPoint Address { get; } = address;

    /// <summary>The clock; null where clocks cannot be stepped.</summary>
    public WallClock? Clock { get; } = clock;

    public string LastOutput => process.LastOutput;

    /// <summary>
    /// Starts the process, and waits until it reports that it is ready. Restarts it when it ends, as a service manager does: a node does
    /// not start without its database.
    /// </summary>
    public void Start()
    {
        process.Start();
        for (var since = Stopwatch.StartNew(); !IsReady();)
        {
            if (since.Elapsed > ReadyWithin)
                throw new InvalidOperationException($"{Name} did not get ready within {ReadyWithin}. {LastOutput}");
            Thread.Sleep(BetweenLooks);
            if (!process.IsRunning)
                process.Start();
        }
    }

    /// <summary>Kills the process.</summary>
    public void Kill()
    {
        process.Send(Signal.Kill);
        process.WaitForEnd(StopWithin);
    }

    /// <summary>Requests a clean stop, as a service manager does.</summary>
    public void Stop()
    {
        process.Send(Signal.Terminate);
        if (!process.WaitForEnd(StopWithin))
            throw new InvalidOperationException($"{Name} did not stop within {StopWithin}. {LastOutput}");
    }

    public void Pause() => process.Send(Signal.Stop);

    public void Continue() => process.Send(Signal.Continue);

    public virtual void Dispose() => process.Dispose();

    protected abstract bool IsReady();
}
