using Warder.Core.Leases;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Storage.Journal;

namespace Warder.Engine.Hosting;

/// <summary>Faults that a test plants in a node to prove that its checks find them. Empty in every server.</summary>
internal sealed record FaultHooks
{
    /// <summary>Wraps the journal's commit listener.</summary>
    public Func<CommitListener, CommitListener>? Between { get; init; }

    /// <summary>Replaces the process's clock.</summary>
    public Clock? Clock { get; init; }

    /// <summary>Replaces the deadline of lists.</summary>
    public TimeSpan? ReadDeadline { get; init; }

    /// <summary>Replaces the longest wait of a request for its turn to read keys.</summary>
    public TimeSpan? MostMissWait { get; init; }

    /// <summary>Replaces the node's lease.</summary>
    public Lease? Lease { get; init; }

    /// <summary>Replaces this version's feature level.</summary>
    public int? Level { get; init; }

    /// <summary>Replaces the feature level at which the node decides; the node registers with its own level.</summary>
    public int? DecidingLevel { get; init; }

    /// <summary>Called on the reading thread, before each read of a key that memory does not hold.</summary>
    public Action? Reading { get; init; }

    /// <summary>Wraps the result of each such read, before it is kept.</summary>
    public Func<LoadedKey, LoadedKey>? Loaded { get; init; }
}
