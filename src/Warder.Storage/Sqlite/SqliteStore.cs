using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Warder.Storage.Sqlite;

/// <summary>
/// The embedded database: one file in write-ahead mode, one writer, any number of readers, each commit synced before it counts.
/// </summary>
public sealed class SqliteStore : IDisposable
{
    private const int MaxIdleReaders = 8;

    private readonly ConcurrentBag<Session> readers = [];
    private readonly string path;
    private bool disposed;

    private SqliteStore(string path) => this.path = path;

    /// <summary>Opens or creates the database, and brings its schema up to date.</summary>
    /// <exception cref="StorageException">It is damaged, locked, or of a newer version.</exception>
    public static SqliteStore Open(string path)
    {
        SqliteLibrary.Initialize();
        var store = new SqliteStore(path);
        try
        {
            using var session = store.OpenWriter();
            Migrator.Run(session, Dialect.Sqlite);
            Journal.EventLog.Begin(session);
        }
        catch (SqliteException e)
        {
            throw Translate(e, path);
        }

        return store;
    }

    /// <summary>A connection that may write. One at a time is in use.</summary>
    /// <remarks>What is deleted is overwritten: an erased name must not stay in a free page. Checkpoints have a connection of their own.</remarks>
    public Session OpenWriter() => new(Connect(SqliteOpenMode.ReadWriteCreate, "PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=ON;"));

    /// <summary>Runs reads on a connection that sees one snapshot per statement.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public T Read<T>(Func<Session, T> read)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!readers.TryTake(out var session))
            session = OpenReader();
        try
        {
            var result = read(session);
            if (readers.Count < MaxIdleReaders)
                readers.Add(session);
            else
                session.Dispose();
            return result;
        }
        catch (SqliteException e)
        {
            session.Dispose();
            throw Translate(e, path);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs several reads on one snapshot.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public T ReadSnapshot<T>(Func<Session, T> read) => Read(session =>
    {
        session.Execute("BEGIN");
        try
        {
            return read(session);
        }
        finally
        {
            session.Execute("COMMIT");
        }
    });

    /// <summary>Moves what is in the write-ahead file into the database, as far as no reader needs it where it is. Returns the file's length in pages.</summary>
    internal static long Checkpoint(Session session) => session.First("PRAGMA wal_checkpoint(PASSIVE)", static row => row.GetInt64(1));

    /// <summary>Says what an error of the database means.</summary>
    internal static StorageException Translate(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        5 or 6 => new StorageException(StorageFaultKind.Unavailable, $"The database {path} is locked by another process.", e),
        8 => new StorageException(StorageFaultKind.Unavailable, $"The database {path} cannot be written: it, or its directory, is read-only.", e),
        11 or 26 => new StorageException(StorageFaultKind.Damaged, $"The database {path} is damaged, or not a database of Warder's. Restore it from a backup.", e),
        13 => new StorageException(StorageFaultKind.Unavailable, $"The disk that holds {path} is full. Nothing was written.", e),
        14 => new StorageException(StorageFaultKind.Unavailable, $"The database {path} cannot be opened. Check that its directory exists and is writable.", e),
        _ => new StorageException(StorageFaultKind.Unavailable, $"The database {path} failed: {e.Message}", e),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        disposed = true;
        while (readers.TryTake(out var session))
            session.Dispose();
    }

    private Session OpenReader()
    {
        try
        {
            return new Session(Connect(SqliteOpenMode.ReadWrite, "PRAGMA query_only=ON; PRAGMA cache_size=-16384;"));
        }
        catch (SqliteException e)
        {
            throw Translate(e, path);
        }
    }

    private SqliteConnection Connect(SqliteOpenMode mode, string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
                + "PRAGMA cache_size=-65536;" + pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
