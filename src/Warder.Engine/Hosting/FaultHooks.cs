using Warder.Core.Leases;
using Warder.Core.Verification;
using Warder.Storage.Journal;

namespace Warder.Engine.Hosting;

/// <summary>What a test puts into a node to see that its checks find what is wrong then. Empty wherever Warder serves.</summary>
internal sealed record FaultHooks
{
    /// <summary>Stands between the journal and whoever it tells.</summary>
    public Func<CommitListener, CommitListener>? Between { get; init; }

    /// <summary>In the place of a list's deadline.</summary>
    public TimeSpan? ReadDeadline { get; init; }

    /// <summary>In the place of the node's lease.</summary>
    public Lease? Lease { get; init; }

    /// <summary>In the place of this version's feature level.</summary>
    public int? Level { get; init; }

    /// <summary>In the place of the node's feature level, where keys are decided about; the node registers with its own.</summary>
    public int? DecidingLevel { get; init; }

    /// <summary>Called on the thread that reads a key that memory does not hold, before it reads.</summary>
    public Action? Reading { get; init; }

    /// <summary>Stands between a read of the store and what is kept of it.</summary>
    public Func<LoadedKey, LoadedKey>? Loaded { get; init; }
}
