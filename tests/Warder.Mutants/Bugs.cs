using Warder.Core.Leases;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;

namespace Warder.Mutants;

/// <summary>What can be wrong with a server, by the name that WARDER_MUTANT has.</summary>
internal static class Bugs
{
    private static readonly TimeSpan LongAfterAnyLease = TimeSpan.FromHours(1);

    public static FaultHooks Find(string? name) => name switch
    {
        // Memory is told of a change a few milliseconds after its caller was answered.
        null or "" or "late-memory" => new() { Between = memory => new LateListener(memory) },

        // A change is answered when it is durable and in this node's memory, whatever the others know.
        "before-the-barrier" => new() { Between = memory => new EarlyListener(memory) },

        // A change waits for no replica of its own environment.
        "another-environment" => new() { Between = memory => new MisdirectedListener(memory) },

        // A node that was lost goes on answering from memory: its lease never ends.
        "no-fence" => new() { Lease = Endless() },

        // What was read is kept, however old it has become since.
        "fill-race" => new() { Loaded = loaded => loaded with { AsOfSequence = long.MaxValue } },
        _ => throw new ArgumentException($"There is no bug called {name}."),
    };

    private static Lease Endless()
    {
        var lease = new Lease();
        var prolonging = new Thread(() =>
        {
            for (; ; Thread.Sleep(1))
                lease.Extend(Core.Time.Clock.BootMicroseconds() + (LongAfterAnyLease.Ticks / TimeSpan.TicksPerMicrosecond));
        });
        prolonging.IsBackground = true;
        prolonging.Start();
        return lease;
    }
}
