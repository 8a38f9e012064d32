using Warder.Core.Events;

namespace Warder.Storage.Journal;

/// <summary>A registered node that may answer from memory, and how long its leases last.</summary>
/// <param name="Epoch">Its registration.</param>
/// <param name="LeaseMilliseconds">The nominal length of its leases.</param>
public readonly record struct RegisteredNode(long Epoch, int LeaseMilliseconds);

/// <summary>Events that are durable, and not yet answered for: whoever answers from memory applies them now. Or none, for callers whose commands only read.</summary>
/// <param name="Events">The events, in order.</param>
/// <param name="Head">Where the log ends after them.</param>
public readonly record struct CommittedBatch(IReadOnlyList<EventDraft> Events, LogPosition Head)
{
    /// <summary>The sequence number of the first event.</summary>
    public long FirstSequence => Head.Sequence - Events.Count + 1;

    /// <summary>Who was not fenced when the log's head was taken: all these must acknowledge the batch, or lose their leases. Empty where there is one node.</summary>
    public IReadOnlyList<RegisteredNode> Nodes { get; init; } = [];
}

/// <summary>What is told of what the journal commits, before any caller is.</summary>
public abstract class CommitListener
{
    /// <summary>A batch is durable. When the task ends, its callers are answered. Called on the writer's thread, which does not wait for the task.</summary>
    public abstract Task Committed(CommittedBatch batch);

    /// <summary>A commit failed in a way that leaves open what is durable: forget everything that was read, at once.</summary>
    public abstract void Forget();

    /// <summary>Read again. Called after <see cref="Forget"/> until it succeeds.</summary>
    /// <exception cref="StorageException">It cannot be read yet.</exception>
    public abstract void Restore();
}
