using Warder.Core.Events;

namespace Warder.Storage.Journal;

/// <summary>The transaction of a batch, with a way back to where each of its commands began. One object for the writer's session; used by the writer's thread.</summary>
internal abstract class Transaction
{
    /// <summary>Begins.</summary>
    /// <param name="commands">How many commands come; a single one needs no way back but the transaction's own.</param>
    public abstract void Begin(int commands);

    /// <summary>A command begins.</summary>
    /// <exception cref="EarlierCommandException">One before has failed.</exception>
    public abstract void Mark();

    /// <summary>What the command wrote stays.</summary>
    /// <exception cref="EarlierCommandException">One before has failed.</exception>
    public abstract void Keep();

    /// <summary>What the command wrote, and the locks that it took, are given up; after an <see cref="EarlierCommandException"/>, those of the one before.</summary>
    public abstract void TakeBack();

    /// <summary>Whether the command has written since <see cref="Mark"/>.</summary>
    public abstract bool Wrote { get; }

    /// <summary>Gives up all of it.</summary>
    public abstract void RollBack();

    /// <summary>Gives up all of it, and says how far the log is that was read; null where nobody else can have written it.</summary>
    public abstract CommittedBatch? Observe();

    /// <summary>Numbers the batch's events, appends them to the log, and commits. Null when nobody has to hear of it, or to have heard.</summary>
    /// <exception cref="EarlierCommandException">The last command has failed. Nothing is committed, and it can be taken back.</exception>
    /// <exception cref="StorageException">It is not known whether it is durable.</exception>
    public abstract CommittedBatch? Commit(IReadOnlyList<EventDraft> events);
}
