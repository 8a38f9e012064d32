using System.Data.Common;
using Warder.Core.Time;
using Warder.Storage.Secrets;

namespace Warder.Storage;

/// <summary>
/// One connection with its prepared statements. All SQL goes through here; parameters are positional, <c>$1</c> upwards.
/// </summary>
/// <remarks>Used by one thread at a time. Each text is prepared once and kept for the connection's life: texts are constants.</remarks>
public abstract class Session : IDisposable
{
    /// <summary>The properties of the database's SQL.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Computes and checks the MACs of rows: the store's.</summary>
    internal RowMacs Macs { get; init; } = new();

    /// <summary>
    /// The deadline of the current reads, by the monotonic clock in microseconds; null without one.
    /// </summary>
    internal long? DeadlineMicroseconds { get; private set; }

    /// <summary>Ends reads that are past their deadline, between two statements. Within a statement, the database ends them.</summary>
    /// <exception cref="StorageException">The deadline has passed.</exception>
    internal void RequireTime()
    {
        if (DeadlineMicroseconds is { } deadline && Clock.MonotonicMicroseconds() >= deadline)
            throw TimedOut(null);
    }

    /// <summary>Runs reads that must end by a deadline. After a missed deadline the session must be discarded.</summary>
    /// <exception cref="StorageException">They did not, or the database failed.</exception>
    internal T Within<T>(TimeSpan time, Func<T> read)
    {
        DeadlineMicroseconds = Clock.MonotonicMicroseconds() + (long)time.TotalMicroseconds;
        try
        {
            Watch();
            return read();
        }
        catch (DbException e) when (Clock.MonotonicMicroseconds() >= DeadlineMicroseconds)
        {
            throw TimedOut(e);
        }
        finally
        {
            DeadlineMicroseconds = null;
        }
    }

    /// <summary>Runs a statement without rows, and returns the number of changed rows.</summary>
    public abstract int Execute(string sql, params ReadOnlySpan<object?> arguments);

    /// <summary>
    /// Queues a statement without a result. It is sent with the next query, where its error surfaces. Inside a transaction only.
    /// </summary>
    public virtual void Write(string sql, params ReadOnlySpan<object?> arguments) => Execute(sql, arguments);

    /// <summary>Reads and maps the first row; default when there is none.</summary>
    public T? First<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Query(sql, arguments);
        return reader.Read() ? map(reader) : default;
    }

    /// <summary>All rows, mapped.</summary>
    public List<T> All<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Query(sql, arguments);
        return Drain(reader, map);
    }

    /// <summary>Queues a query with a result that is not needed yet; inside a transaction, or on a session that only reads.</summary>
    public virtual Deferred<T> Defer<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments)
        => new(All(sql, map, arguments));

    /// <summary>
    /// Reads all rows of a statement whose text depends on the request. The statement is not kept prepared: there are thousands of such
    /// texts.
    /// </summary>
    public abstract List<T> AllOnce<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments);

    /// <summary>Reads the first column of the first row as a number; zero when there is no row.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> arguments) => First(sql, static row => row.GetInt64(0), arguments);

    /// <summary>
    /// Whether a command must lock the rows that it reads until its transaction ends, because other nodes write too. A session that only
    /// reads, and a database with one writer, lock nothing.
    /// </summary>
    internal virtual bool Locks => false;

    /// <summary>
    /// Locks the rows of a <c>SELECT</c> without reading them. Needed before a read that depends on several of these rows together.
    /// </summary>
    internal void LockRows(string select, RowLock mode, string? of, params ReadOnlySpan<object?> arguments)
    {
        if (Locks)
            Lock(Locked(select, mode, of), arguments);
    }

    /// <summary>Makes a <c>SELECT</c> lock the rows that it reads: of its one table, or of the named tables.</summary>
    internal string Locked(string select, RowLock mode, string? of = null)
        => !Locks ? select : select + (mode == RowLock.Update ? " FOR UPDATE" : " FOR SHARE") + (of is null ? "" : " OF " + of);

    /// <summary>A reader over the rows, which the caller disposes.</summary>
    internal abstract DbDataReader Query(string sql, params ReadOnlySpan<object?> arguments);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the statements and of the connection.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Called when a deadline was set, before the first statement under it.</summary>
    private protected virtual void Watch()
    {
    }

    private protected virtual void Lock(string select, params ReadOnlySpan<object?> arguments)
    {
    }

    private static StorageException TimedOut(DbException? cause)
        => new(StorageFaultKind.TimedOut, "A read took longer than it may.", cause);

    private protected static List<T> Drain<T>(DbDataReader reader, Func<DbDataReader, T> map)
    {
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(map(reader));
        return rows;
    }
}
