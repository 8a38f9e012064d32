using Warder.Core.Events;
using Warder.Core.Time;

namespace Warder.Storage.Journal;

/// <summary>
/// A connection that writes, with its transaction. One thread uses it. A commit that the database does not answer is never broken off: that
/// could make it less than durable. Another thread can abandon the commit; the writer's thread then goes on waiting for it.
/// </summary>
internal sealed class Writer(Store store, Session session) : IDisposable
{
    private const int Idle = 0;
    private const int Committing = 1;
    private const int GivenUp = 2;

    // The number of batches with savepoints after a batch that needed them. Without it, commands that fail late would make every batch run
    // twice.
    private const int UndoableBatches = 64;

    private readonly Transaction transaction = store.TransactionOn(session);
    private long sinceMicroseconds;
    private int state;
    private int undoableBatches;

    /// <summary>The connection.</summary>
    public Session Session => session;

    /// <summary>The transaction of its batches, one after another.</summary>
    public Transaction Transaction => transaction;

    /// <summary>What commands work with.</summary>
    public CommandContext Context { get; } = new(session);

    /// <summary>Composes bodies of events beside the writer's thread.</summary>
    public BodyComposer Bodies { get; } = new();

    /// <summary>Whether the commands of the next batch get savepoints from the start.</summary>
    public bool TakesUndoableBatch() => undoableBatches > 0 && undoableBatches-- > 0;

    /// <summary>A command had to be undone after it wrote: the next batches get savepoints.</summary>
    public void ExpectUndoing() => undoableBatches = UndoableBatches;

    /// <summary>Appends to the log and commits, as <see cref="Transaction.Commit"/> does.</summary>
    /// <exception cref="CommitAbandonedException">
    /// The writer took too long. Another thread has failed its commands, and continues with another writer.
    /// </exception>
    public CommittedBatch? Commit(IReadOnlyList<EventDraft> events)
    {
        Volatile.Write(ref sinceMicroseconds, Clock.MonotonicMicroseconds());
        Volatile.Write(ref state, Committing);
        try
        {
            var committed = transaction.Commit(events);
            End();
            return committed;
        }
        catch (Exception e) when (e is not CommitAbandonedException)
        {
            End();
            throw;
        }
    }

    /// <summary>
    /// Gives up a commit that has taken as long as this. False when there is none; when true, its thread will not come back to what it
    /// shares with others.
    /// </summary>
    public bool TryGiveUp(TimeSpan patience)
        => Volatile.Read(ref state) == Committing
            && Clock.MonotonicMicroseconds() - Volatile.Read(ref sinceMicroseconds) >= patience.TotalMicroseconds
            && Interlocked.CompareExchange(ref state, GivenUp, Committing) == Committing;

    /// <summary>Closes the connection; one that was given up is closed by its thread, when that comes back.</summary>
    public void Dispose()
    {
        if (Volatile.Read(ref state) != GivenUp)
            session.Dispose();
    }

    private void End()
    {
        if (Interlocked.CompareExchange(ref state, Idle, Committing) != GivenUp)
            return;
        session.Dispose();
        throw new CommitAbandonedException();
    }
}
