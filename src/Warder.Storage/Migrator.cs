using System.Globalization;
using System.Reflection;
using Warder.Storage.Journal;

namespace Warder.Storage;

/// <summary>
/// Brings a database to the version of this program: the numbered files under <c>Migrations/</c>, each in one transaction.
/// </summary>
/// <remarks>
/// A migration with the line <c>-- readable-from: N</c> only adds to the schema. Programs of schema version N and later can use the
/// database after it, so nodes of both versions run side by side, and an upgrade can be taken back.
/// </remarks>
internal static class Migrator
{
    private const string Current = "SELECT COALESCE(MAX(version), 0) FROM schema_versions";

    private const string Unreadable
        = "SELECT COUNT(*) FROM schema_versions WHERE version > $1 AND (readable_from = 0 OR readable_from > $1)";

    private const string ReadableFrom = "-- readable-from:";

    /// <summary>Migrates a database, unless it is current or of a newer version that this program can use.</summary>
    /// <exception cref="StorageException">The database is of a newer version that this program cannot use.</exception>
    public static void Run(Session session)
    {
        var migrations = Load();
        // The database role of a server need not be allowed to change a schema that is current.
        if (IsCurrent(session, migrations[^1].Version))
            return;
        session.Execute(session.Dialect.Begin);
        try
        {
            if (session.Dialect.LockSchema is { } wait)
                session.Number(wait);
            session.Execute("CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)");
            var current = session.Number(Current);
            foreach (var (version, name, sql) in migrations.Where(migration => migration.Version > current))
            {
                foreach (var statement in Statements(session.Dialect.Expand(sql)))
                    session.Execute(statement);
                session.Execute("INSERT INTO schema_versions (version, name) VALUES ($1, $2)", version, name);
                if (ReadableFromOf(sql) is { } oldest)
                    session.Execute("UPDATE schema_versions SET readable_from = $1 WHERE version = $2", oldest, version);
            }

            EventLog.Begin(session);
            session.Execute("COMMIT");
        }
        catch
        {
            TryRollBack(session);
            throw;
        }
    }

    private static bool IsCurrent(Session session, int newest)
    {
        if (session.Number(session.Dialect.Table, "schema_versions") == 0)
            return false;
        var current = session.Number(Current);
        if (current <= newest)
            return current == newest;
        if (session.Number(Unreadable, newest) == 0)
            return true;
        throw new StorageException(
            StorageFaultKind.NewerVersion,
            $"The database has schema version {current}; this program knows up to {newest}. Run a newer version of Warder.");
    }

    /// <summary>Reads the line <c>-- readable-from: N</c> of a migration; null: it has none.</summary>
    internal static int? ReadableFromOf(string sql)
        => sql.Split('\n').FirstOrDefault(static line => line.StartsWith(ReadableFrom, StringComparison.Ordinal)) is { } line
            ? int.Parse(line.AsSpan(ReadableFrom.Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture)
            : null;

    // After a failure such as a full disk there may be no open transaction; the first error is the useful one.
    private static void TryRollBack(Session session)
    {
        try
        {
            session.Execute("ROLLBACK");
        }
        catch (System.Data.Common.DbException)
        {
            // The database has rolled back already.
        }
    }

    // Migrations hold neither strings nor triggers with a semicolon in them.
    private static IEnumerable<string> Statements(string sql)
        => string.Join('\n', sql.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal)))
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static List<(int Version, string Name, string Sql)> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var migrations = new List<(int Version, string Name, string Sql)>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var reader = new StreamReader(stream);
            migrations.Add(
                (int.Parse(resource.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture), resource[..^4], reader.ReadToEnd()));
        }

        return [.. migrations.OrderBy(migration => migration.Version)];
    }
}
