using System.Data.Common;
using Warder.Storage.Journal;
using Warder.Storage.Secrets;

namespace Warder.Storage;

/// <summary>
/// A database of Warder's, its schema up to date: one session that writes, any number that read. Thread-safe; a session is used by one
/// thread at a time.
/// </summary>
public abstract class Store : IDisposable
{
    private readonly Readers readers;
    private volatile bool disposed;

    /// <summary>A store.</summary>
    /// <param name="maxReaders">The greatest number of sessions that read at a time.</param>
    protected Store(int maxReaders) => readers = new Readers(this, maxReaders);

    /// <summary>The properties of the database's SQL.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Computes and checks the MACs of rows, in every session.</summary>
    public RowMacs Macs { get; } = new();

    /// <summary>Whether other processes may write the database at the same time.</summary>
    public abstract bool IsShared { get; }

    /// <summary>The greatest number of commands that share a transaction.</summary>
    internal virtual int MaxBatch => 256;

    /// <summary>The time after which the callers of a commit get an unknown outcome; null: no limit.</summary>
    internal virtual TimeSpan? CommitPatience => null;

    /// <summary>Opens a session that may write. A process uses one at a time.</summary>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    public abstract Session OpenWriter();

    /// <summary>Opens a session for long writes: it waits for locks without a limit.</summary>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    public virtual Session OpenPatient() => OpenWriter();

    /// <summary>Opens a session that reads, apart from those of <see cref="Read"/>: its reads wait for no others.</summary>
    /// <returns>The sessions, of which there is one. The caller owns it.</returns>
    public Readers OpenReaderOfOwn() => new(this, 1);

    /// <summary>Runs reads on a session that sees one snapshot per statement.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public T Read<T>(Func<Session, T> read) => readers.Read(read);

    /// <summary>Runs several reads on one snapshot.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public T ReadSnapshot<T>(Func<Session, T> read) => readers.ReadSnapshot(read);

    /// <summary>Runs several reads on one snapshot, on a session that is the caller's own.</summary>
    /// <exception cref="DbException">The database cannot be read: the session is of no more use.</exception>
    public T ReadSnapshot<T>(Session session, Func<Session, T> read)
    {
        session.Execute(Dialect.BeginSnapshot);
        var result = read(session);
        // Only on success: a session on which a read has failed is discarded, and may have no connection on which to end a snapshot.
        session.Execute("COMMIT");
        return result;
    }

    /// <summary>Runs several reads on one snapshot, up to a deadline: for reads with a cost that the caller chooses.</summary>
    /// <param name="time">The time limit, from the start of the reads.</param>
    /// <param name="read">The reads. After a lost connection they may run again, each time with the whole time limit.</param>
    /// <exception cref="StorageException">The reads took longer, or the database cannot be read.</exception>
    public T ReadSnapshotWithin<T>(TimeSpan time, Func<Session, T> read)
    {
        BeginLongRead();
        try
        {
            return Read(session => session.Within(time, () => ReadSnapshot(session, read)));
        }
        finally
        {
            EndLongRead();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A read begins that may hold a snapshot for long.</summary>
    private protected virtual void BeginLongRead()
    {
    }

    /// <summary>Such a read has ended.</summary>
    private protected virtual void EndLongRead()
    {
    }

    /// <summary>A session that only reads.</summary>
    internal abstract Session OpenReader();

    /// <summary>Translates an error of the database.</summary>
    internal abstract StorageException Translate(DbException e);

    /// <summary>Whether a session with this error is unusable, while a new one may work.</summary>
    internal virtual bool IsConnectionLost(DbException e) => false;

    /// <summary>Classifies an error of a command's statement: fail the batch, fail the command, or retry.</summary>
    internal abstract FailureScope ScopeOf(DbException e);

    /// <summary>The transaction that a writer's batches run in, one after another.</summary>
    internal abstract Transaction TransactionOn(Session writer);

    /// <summary>
    /// Maintains the database. Called by the writer between two batches, outside a transaction.
    /// </summary>
    internal virtual void Maintain(Session writer)
    {
    }

    /// <summary>Closes the idle sessions.</summary>
    protected virtual void Dispose(bool disposing) => readers.Dispose();
}
