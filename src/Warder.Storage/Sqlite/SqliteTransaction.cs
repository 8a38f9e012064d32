using Microsoft.Data.Sqlite;
using Warder.Core.Events;
using Warder.Storage.Journal;

namespace Warder.Storage.Sqlite;

/// <summary>
/// SQLite's: one writer, so nothing is locked. A savepoint copies every page that its command changes, so commands have none until one of
/// them must be undone; then the first statement that writes sets it.
/// </summary>
internal sealed class SqliteTransaction(SqliteSession session) : Transaction
{
    private bool savepoints;
    private bool alone;

    /// <inheritdoc/>
    public override bool Wrote => session.Wrote;

    /// <inheritdoc/>
    public override bool CanUndo => savepoints || alone || !session.Wrote;

    /// <inheritdoc/>
    public override void Begin(int commands, bool undoable)
    {
        (alone, savepoints) = (commands <= 1, commands > 1 && undoable);
        session.BeforeWriting(null);
        session.Execute(session.Dialect.Begin);
    }

    /// <inheritdoc/>
    public override void Savepoint() => session.BeforeWriting(savepoints ? "SAVEPOINT command" : null);

    /// <inheritdoc/>
    public override void ReleaseSavepoint()
    {
        if (savepoints && session.Wrote)
            session.Execute("RELEASE command");
    }

    /// <inheritdoc/>
    public override void RollbackToSavepoint()
    {
        if (!session.Wrote)
            return;
        if (!savepoints)
        {
            RollBack();
            return;
        }

        session.Execute("ROLLBACK TO command");
        session.Execute("RELEASE command");
    }

    /// <inheritdoc/>
    public override void RollBack()
    {
        if (session.IsInTransaction)
            session.Execute("ROLLBACK");
    }

    /// <inheritdoc/>
    public override CommittedBatch? Observe()
    {
        RollBack();
        return null;
    }

    /// <inheritdoc/>
    public override CommittedBatch? Commit(IReadOnlyList<EventDraft> events)
    {
        session.BeforeWriting(null);
        var head = events.Count > 0 ? EventLog.Append(session, events) : null;
        try
        {
            session.Execute("COMMIT");
        }
        catch (SqliteException e) when (e.SqliteErrorCode != SqliteStore.Full)
        {
            // A full disk stops a commit before its last frame is written. Another failure may come after that frame, and the next start
            // would then restore the commit from the write-ahead file.
            throw new StorageException(
                StorageFaultKind.OutcomeUnknown, "The disk failed while the change was written: whether it is durable is not known.", e);
        }

        return head is null ? null : new CommittedBatch(events, head);
    }
}
