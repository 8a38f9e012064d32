using System.Diagnostics;
using System.Net;

namespace Warder.Faults.Cluster;

/// <summary>One that answers validations: a process, where it is asked, and its wall clock.</summary>
internal abstract class Verifier(string name, IPEndPoint address, RunningProgram process, WallClock? clock) : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60), StopWithin = TimeSpan.FromSeconds(30), BetweenLooks = TimeSpan.FromMilliseconds(100);

    public string Name { get; } = name;

    public IPEndPoint Address { get; } = address;

    /// <summary>Null where clocks cannot be stepped.</summary>
    public WallClock? Clock { get; } = clock;

    public string LastWords => process.LastWords;

    /// <summary>
    /// Starts it, and waits until it says that it is ready. Again when it ends, as a service manager would: a node does not start without
    /// its database.
    /// </summary>
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

    public virtual void Dispose() => process.Dispose();

    protected abstract bool IsReady();
}
