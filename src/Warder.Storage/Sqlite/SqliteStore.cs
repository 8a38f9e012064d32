using System.Data.Common;
using Microsoft.Data.Sqlite;
using Warder.Storage.Journal;

namespace Warder.Storage.Sqlite;

/// <summary>
/// The embedded database: one file in write-ahead mode, one writer, any number of readers, each commit synced before it counts.
/// </summary>
public sealed class SqliteStore : Store
{
    // SQLITE_BUSY and its like.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    internal const int Full = 13;
    private const int CannotOpen = 14;
    private const int Constraint = 19;
    private const int NoDatabase = 26;

    private readonly string path;
    private readonly LongReads longReads = new();
    private Checkpointer? checkpointer;

    private SqliteStore(string path)
        : base(int.MaxValue) => this.path = path;

    /// <summary>Opens or creates the database, and brings its schema up to date.</summary>
    /// <exception cref="StorageException">The database is damaged, locked, or of a newer version.</exception>
    public static SqliteStore Open(string path)
    {
        SqliteLibrary.Initialize();
        var store = new SqliteStore(path);
        try
        {
            using var session = store.OpenWriter();
            Migrator.Run(session);
        }
        catch (SqliteException e)
        {
            throw store.Translate(e);
        }

        return store;
    }

    /// <inheritdoc/>
    public override Dialect Dialect => Dialect.Sqlite;

    /// <inheritdoc/>
    public override bool IsShared => false;

    /// <inheritdoc/>
    /// <remarks>
    /// Deleted content is overwritten: an erased name must not stay in a free page. Checkpoints have a connection of their own.
    /// </remarks>
    public override Session OpenWriter()
        => new SqliteSession(
            Connect(SqliteOpenMode.ReadWriteCreate, "PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=ON;")) { Macs = Macs };

    /// <summary>
    /// Moves pages from the write-ahead file into the database, except the pages that a reader still needs there.
    /// </summary>
    /// <returns>The file's length in pages.</returns>
    internal static long Checkpoint(Session session) => session.First("PRAGMA wal_checkpoint(PASSIVE)", static row => row.GetInt64(1));

    /// <inheritdoc/>
    internal override StorageException Translate(DbException e) => ((SqliteException)e).SqliteErrorCode switch
    {
        Busy or Locked => new StorageException(StorageFaultKind.Unavailable, $"The database {path} is locked by another process.", e),
        ReadOnly => new StorageException(
            StorageFaultKind.Unavailable, $"The database {path} cannot be written: it, or its directory, is read-only.", e),
        Corrupt or NoDatabase => new StorageException(
            StorageFaultKind.Damaged, $"The database {path} is damaged, or not a database of Warder's. Restore it from a backup.", e),
        Full => new StorageException(StorageFaultKind.Unavailable, $"The disk that holds {path} is full. Nothing was written.", e),
        CannotOpen => new StorageException(
            StorageFaultKind.Unavailable, $"The database {path} cannot be opened. Check that its directory exists and is writable.", e),
        _ => new StorageException(StorageFaultKind.Unavailable, $"The database {path} failed: {e.Message}", e),
    };

    /// <inheritdoc/>
    internal override FailureScope ScopeOf(DbException e)
        => e is SqliteException { SqliteErrorCode: Constraint } ? FailureScope.Command : FailureScope.Database;

    /// <inheritdoc/>
    internal override Transaction TransactionOn(Session writer) => new SqliteTransaction((SqliteSession)writer);

    /// <inheritdoc/>
    internal override void Maintain(Session writer)
    {
        checkpointer ??= new Checkpointer(OpenWriter(), longReads);
        checkpointer.Notice();
        checkpointer.CatchUp(writer);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        checkpointer?.Dispose();
        base.Dispose(disposing);
    }

    private protected override void BeginLongRead() => longReads.Begin();

    private protected override void EndLongRead() => longReads.End();

    internal override Session OpenReader()
        => new SqliteSession(Connect(SqliteOpenMode.ReadWrite, "PRAGMA query_only=ON; PRAGMA cache_size=-16384;")) { Macs = Macs };

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
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON;"
                + " PRAGMA temp_store=MEMORY;"
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
