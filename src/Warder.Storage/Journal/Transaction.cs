using Warder.Core.Events;

namespace Warder.Storage.Journal;

/// <summary>
/// The transaction of a batch, with a savepoint for each command. One object for the writer's session; used by the writer's thread.
/// </summary>
internal abstract class Transaction
{
    /// <summary>Begins a transaction.</summary>
    /// <param name="commands">The number of commands. A single one needs no savepoint: the transaction itself is rolled back.</param>
    /// <param name="undoable">
    /// Whether each command must be undoable by itself. If not, a database with cheap repetition sets no savepoints.
    /// </param>
    public abstract void Begin(int commands, bool undoable);

    /// <summary>
    /// Whether <see cref="RollbackToSavepoint"/> can undo the command alone. If not, the caller rolls back the transaction and runs its
    /// commands again.
    /// </summary>
    public virtual bool CanUndo => true;

    /// <summary>Sets a savepoint where a command begins.</summary>
    /// <exception cref="PipelinedFailureException">A statement of the command before failed.</exception>
    public abstract void Savepoint();

    /// <summary>Keeps the writes of the command.</summary>
    /// <exception cref="PipelinedFailureException">A statement of a command before failed.</exception>
    public abstract void ReleaseSavepoint();

    /// <summary>
    /// Rolls back the writes and locks of the command; after a <see cref="PipelinedFailureException"/>, those of the command before.
    /// </summary>
    public abstract void RollbackToSavepoint();

    /// <summary>Whether the command has written since <see cref="Savepoint"/>.</summary>
    public abstract bool Wrote { get; }

    /// <summary>Rolls back the transaction.</summary>
    public abstract void RollBack();

    /// <summary>Rolls back the transaction, and reads where the log ends.</summary>
    /// <returns>Null: no other node can write the log.</returns>
    public abstract CommittedBatch? Observe();

    /// <summary>Numbers the batch's events, appends them to the log, and commits.</summary>
    /// <returns>Null: the batch changed nothing for verifiers.</returns>
    /// <exception cref="PipelinedFailureException">
    /// A statement of the last command failed. Nothing is committed, and the command can be rolled back.
    /// </exception>
    /// <exception cref="StorageException">The outcome of the commit is not known.</exception>
    public abstract CommittedBatch? Commit(IReadOnlyList<EventDraft> events);
}
