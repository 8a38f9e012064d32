using Warder.Core.Leases;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;

namespace Warder.Mutants;

/// <summary>Maps the values of WARDER_MUTANT to the faults of a server.</summary>
internal static class Bugs
{
    private static readonly TimeSpan LongAfterAnyLease = TimeSpan.FromHours(1);

    public static FaultHooks Find(string? name) => name switch
    {
        // Memory applies a change a few milliseconds after its caller got the answer.
        null or "" or "late-memory" => new() { Between = memory => new LateListener(memory) },

        // A change returns when it is durable and in this node's memory, without regard to other nodes.
        "before-the-barrier" => new() { Between = memory => new EarlyListener(memory) },

        // A change waits for no replica of its own environment.
        "another-environment" => new() { Between = memory => new MisdirectedListener(memory) },

        // A lost node goes on answering from memory: its lease never ends.
        "no-fence" => new() { Lease = Endless() },

        // A read is kept, though its snapshot has become old since.
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
