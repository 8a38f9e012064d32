using Warder.Core.Events;

namespace Warder.Storage.Journal;

/// <summary>Events that are durable, and not yet answered for: whoever answers from memory applies them now.</summary>
/// <param name="FirstSequence">The sequence number of the first event.</param>
/// <param name="Events">The events, in order.</param>
public readonly record struct CommittedBatch(long FirstSequence, IReadOnlyList<EventDraft> Events)
{
    /// <summary>The epochs that were not fenced when the log's head was taken: who must acknowledge the batch, or lose its lease. Empty where there is one node.</summary>
    public IReadOnlyList<long> Verifiers { get; init; } = [];
}

/// <summary>What is told of what the journal commits, before any caller is.</summary>
public abstract class CommitListener
{
    /// <summary>A batch is durable. When this returns, its callers are answered.</summary>
    public abstract void Committed(CommittedBatch batch);

    /// <summary>A commit failed in a way that leaves open what is durable: forget everything that was read, at once.</summary>
    public abstract void Forget();

    /// <summary>Read again. Called after <see cref="Forget"/> until it succeeds.</summary>
    /// <exception cref="StorageException">It cannot be read yet.</exception>
    public abstract void Restore();
}
