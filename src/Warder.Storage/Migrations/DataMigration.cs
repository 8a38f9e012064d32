using System.Data.Common;
using Warder.Storage.Events;
using Warder.Storage.Postgres;
using Warder.Storage.Secrets;
using Warder.Storage.Sqlite;

namespace Warder.Storage.Migrations;

/// <summary>The progress of a migration.</summary>
/// <param name="Table">The current table.</param>
/// <param name="Rows">The number of its rows in the new database.</param>
/// <param name="IsCheck">Whether the table is being compared, after everything was copied.</param>
public readonly record struct MigrationProgress(string Table, long Rows, bool IsCheck);

/// <summary>The totals of a migration.</summary>
/// <param name="Tables">The number of tables.</param>
/// <param name="Rows">The number of rows in all.</param>
/// <param name="Events">The number of events among them.</param>
public sealed record MigrationReport(int Tables, long Rows, long Events);

/// <summary>
/// Moves an embedded database into PostgreSQL, whole: every table, the log and its chain included. It can break off anywhere and be run
/// again. Until it has ended, and every row was compared and the chain verified, no server starts on the new database.
/// </summary>
public sealed class DataMigration
{
    // The sequence of the new head until the migration is complete. No real log can have it.
    private const long UnderWay = -1;
    private const int PageRows = 2_000;

    // Any number that nothing else in the database locks.
    private const string TakeTurn = "SELECT pg_try_advisory_lock(7310579612)::int";

    private readonly SqliteStore embedded;
    private readonly Session target;
    private readonly Action<MigrationProgress> progress;
    private readonly CancellationToken cancellation;

    private DataMigration(SqliteStore embedded, Session target, Action<MigrationProgress> progress, CancellationToken cancellation)
        => (this.embedded, this.target, this.progress, this.cancellation) = (embedded, target, progress, cancellation);

    /// <summary>Copies all data. Neither database may be in use.</summary>
    /// <exception cref="StorageException">
    /// The new database holds other data, cannot be written, or differs from the old one in the end.
    /// </exception>
    /// <exception cref="OperationCanceledException">The migration was cancelled; another run continues it.</exception>
    public static MigrationReport Run(
        SqliteStore embedded, PostgresStore shared, Action<MigrationProgress> progress, CancellationToken cancellation)
    {
        try
        {
            using var target = shared.OpenPatient();
            return new DataMigration(embedded, target, progress, cancellation).Run();
        }
        catch (DbException e)
        {
            throw shared.Translate(e);
        }
    }

    /// <summary>Refuses a database with an unfinished migration.</summary>
    /// <exception cref="StorageException">The database has an unfinished migration.</exception>
    public static void RefuseUnfinished(Store store)
    {
        if (store.Read(Log.Head).Sequence == UnderWay)
        {
            throw new StorageException(
                StorageFaultKind.Damaged,
                "The migration of data into this database was begun and has not ended. "
                + "Run 'warder migrate-data' again, or choose an empty database.");
        }
    }

    private MigrationReport Run()
    {
        var head = embedded.Read(Log.Head);
        if (target.Number(TakeTurn) == 0)
            throw new StorageException(StorageFaultKind.InUse, "Another migration into this database is under way.");
        Begin(head);
        var tables = embedded.Read(TableShape.Of);
        foreach (var table in tables)
            Copy(table);
        var rows = tables.Sum(Compare);
        return new MigrationReport(tables.Count, rows, End(head));
    }

    // Marks the new database as the target of this unfinished migration.
    private void Begin(LogPosition head)
    {
        var there = Log.Head(target);
        if (there.Is(new LogPosition(UnderWay, head.Hash)) || there.Is(head))
            return;
        if (there.Sequence == UnderWay)
            throw Occupied("the migration of another embedded database into it was begun");
        if (there.Sequence != 0
            || target.Number("SELECT COUNT(*) FROM environments") > 0
            || target.Number("SELECT COUNT(*) FROM sealed_values") > 0)
            throw Occupied("a server was started on it");
        target.Execute("UPDATE log_head SET seq = $1, hash = $2 WHERE id = 1 AND seq = 0", UnderWay, head.Hash);
    }

    private static StorageException Occupied(string why)
        => new(
            StorageFaultKind.Damaged,
            $"The new database is not empty: {why}. Choose an empty one, or drop this one and create it again.");

    private void Copy(TableShape table)
    {
        var last = target.First(table.LastKey, Values);
        var rows = target.Number($"SELECT COUNT(*) FROM {table.Name}");
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = embedded.Read(session => Page(session, table, last));
            if (page.Count == 0)
                break;
            PostgresCopy.Write(target, table, page);
            last = table.KeyOf(page[^1]);
            rows += page.Count;
            progress(new MigrationProgress(table.Name, rows, IsCheck: false));
        }

        // The planner has no statistics of the table yet, and the server's own analysis would run only under the first requests.
        target.Execute($"VACUUM (ANALYZE) {table.Name}");
    }

    private long Compare(TableShape table)
    {
        var (here, there) = (embedded.Read(session => Digest(session, table)), Digest(target, table));
        if (here.Rows != there.Rows || !here.Digest.AsSpan().SequenceEqual(there.Digest))
        {
            throw new StorageException(
                StorageFaultKind.Damaged,
                $"The table {table.Name} is not the same in the new database ({here.Rows} rows here, {there.Rows} there). "
                + "Drop the new database and begin anew.");
        }

        progress(new MigrationProgress(table.Name, there.Rows, IsCheck: true));
        return there.Rows;
    }

    private (long Rows, byte[] Digest) Digest(Session session, TableShape table)
    {
        using var digest = new RowDigest();
        object?[]? last = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = Page(session, table, last);
            if (page.Count == 0)
                return (digest.Rows, digest.End());
            page.ForEach(digest.Add);
            last = table.KeyOf(page[^1]);
        }
    }

    // The head is written last, and only over a chain that verifies.
    private long End(LogPosition head)
    {
        target.Execute(target.Dialect.Begin);
        try
        {
            target.Execute("UPDATE log_head SET seq = $1, hash = $2 WHERE id = 1", head.Sequence, head.Hash);
            var report = LogVerification.Run(target);
            if (report.Problem is { } problem)
                throw new StorageException(StorageFaultKind.Damaged, $"The log does not verify in the new database: {problem}");
            target.Execute("COMMIT");
            return report.Events;
        }
        catch
        {
            target.Execute("ROLLBACK");
            throw;
        }
    }

    private static List<object?[]> Page(Session session, TableShape table, object?[]? after)
        => session.All(table.Page(after is null, PageRows), Values, after ?? []);

    private static object?[] Values(DbDataReader row) => MacTable.Values(row, 0, row.FieldCount);
}
