using Warder.Core.Events;

namespace Warder.Storage.Journal;

/// <summary>A registered node that may answer from memory, and how long its leases last.</summary>
/// <param name="Epoch">Its registration.</param>
/// <param name="LeaseMilliseconds">The nominal length of its leases.</param>
/// <param name="Id"><c>node_…</c></param>
/// <param name="Name">What its operator calls it.</param>
public readonly record struct RegisteredNode(long Epoch, int LeaseMilliseconds, string Id, string Name);

/// <summary>
/// Events that are durable and that the node's memory must apply before their callers are answered. Empty for a batch whose commands only
/// read.
/// </summary>
/// <param name="Events">The events, in order.</param>
/// <param name="Head">Where the log ends after them.</param>
public readonly record struct CommittedBatch(IReadOnlyList<EventDraft> Events, LogPosition Head)
{
    /// <summary>The sequence number of the first event.</summary>
    public long FirstSequence => Head.Sequence - Events.Count + 1;

    /// <summary>
    /// The nodes that were not fenced when the log's head was locked: each must acknowledge the batch, or lose its lease. Empty where there
    /// is one node.
    /// </summary>
    public IReadOnlyList<RegisteredNode> Nodes { get; init; } = [];

    /// <summary>The scopes that its commands wait for, each once.</summary>
    public IReadOnlyList<EnvironmentScope> Scopes { get; init; } = [];

    /// <summary>Whether the other nodes were woken with the commit.</summary>
    public bool IsNotified { get; init; }

    /// <summary>The events with their numbers.</summary>
    public IReadOnlyList<LogEvent> Numbered()
    {
        var numbered = new LogEvent[Events.Count];
        for (var i = 0; i < numbered.Length; i++)
            numbered[i] = new LogEvent(FirstSequence + i, Events[i].Environment, Events[i].CacheDeltas);
        return numbered;
    }
}

/// <summary>Receives the batches that the journal commits, before their callers complete.</summary>
public abstract class CommitListener
{
    /// <summary>
    /// A batch is durable. A caller is answered when it is in force in the caller's scope. Called on the writer's thread, which does not
    /// wait for that.
    /// </summary>
    public abstract Propagation Committed(CommittedBatch batch);

    /// <summary>
    /// A batch appended no event, and no other node can have appended one. A caller is answered when the log is in force in the caller's
    /// scope.
    /// </summary>
    public virtual Propagation Unchanged() => Propagation.Done;

    /// <summary>A commit failed in a way that leaves open what is durable: forget everything that was read, at once.</summary>
    public abstract void Forget();

    /// <summary>Read again. Called after <see cref="Forget"/> until it succeeds.</summary>
    /// <exception cref="StorageException">It cannot be read yet.</exception>
    public abstract void Restore();
}
