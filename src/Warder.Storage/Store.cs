using System.Collections.Concurrent;
using System.Data.Common;

namespace Warder.Storage;

/// <summary>
/// A database of Warder's, its schema up to date: one session that writes, any number that read. Thread-safe; a session is used by one thread at a time.
/// </summary>
public abstract class Store : IDisposable
{
    private const int MaxIdleReaders = 8;

    private readonly ConcurrentBag<Session> readers = [];
    private volatile bool disposed;

    /// <summary>What is particular to the database.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Whether other processes may write it at the same time.</summary>
    public abstract bool IsShared { get; }

    /// <summary>A session that may write. One at a time is in use in a process.</summary>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    public abstract Session OpenWriter();

    /// <summary>Runs reads on a session that sees one snapshot per statement.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public T Read<T>(Func<Session, T> read)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Session? session = null;
        try
        {
            if (!readers.TryTake(out session))
                session = OpenReader();
            var result = read(session);
            if (readers.Count < MaxIdleReaders)
                readers.Add(session);
            else
                session.Dispose();
            return result;
        }
        catch (DbException e)
        {
            session?.Dispose();
            throw Translate(e);
        }
        catch
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>Runs several reads on one snapshot.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public T ReadSnapshot<T>(Func<Session, T> read) => Read(session =>
    {
        session.Execute(Dialect.BeginSnapshot);
        try
        {
            return read(session);
        }
        finally
        {
            session.Execute("COMMIT");
        }
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A session that only reads.</summary>
    private protected abstract Session OpenReader();

    /// <summary>Says what an error of the database means.</summary>
    internal abstract StorageException Translate(DbException e);

    /// <summary>Whether an error is the failure of the one command whose statement met it: a constraint that its row breaks. Any other is the database's.</summary>
    internal abstract bool IsOfCommand(DbException e);

    /// <summary>Whether a <c>COMMIT</c> that failed with this error has certainly not become durable.</summary>
    internal abstract bool IsUndone(DbException e);

    /// <summary>Called by the writer between two batches, outside of a transaction: the time for what the database needs done now and then.</summary>
    internal virtual void Tidy(Session writer)
    {
    }

    /// <summary>Closes what is idle.</summary>
    protected virtual void Dispose(bool disposing)
    {
        while (readers.TryTake(out var session))
            session.Dispose();
    }
}
