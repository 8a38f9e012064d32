using System.Text.RegularExpressions;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Postgres;

/// <summary>Both databases have the same tables, columns, keys and indexes in their catalogs.</summary>
public sealed partial class SchemaTests
{
    private const string SqliteTables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";

    private const string PostgresColumns =
        "SELECT c.table_name || '.' || c.column_name || ' ' || c.data_type || ' ' || c.is_nullable, c.collation_name::text FROM"
            + " information_schema.columns c"
        + " WHERE c.table_schema = 'public'";

    private const string PostgresIndexes =
        "SELECT t.relname || ' ' || CASE WHEN i.indisprimary THEN 'primary' WHEN i.indisunique THEN 'unique' ELSE 'index' END || ' (' ||"
        + " (SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)"
        + " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) || ') ' || COALESCE(pg_get_expr(i.indpred, i.indrelid), '')"
        + " FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public'";

    [Fact]
    public void Every_table_has_the_same_columns_of_the_same_kind_on_both()
    {
        using var sqlite = new TestDatabase(Database.Sqlite);
        using var postgres = new TestDatabase(Database.Postgres);
        var columns = sqlite.Open().Read(session => session.All(SqliteTables, row => row.GetString(0)).SelectMany(table => session.All(
            $"PRAGMA table_info({table})",
            row => $"{table}.{row.GetString(1)} {row.GetString(2).ToLowerInvariant()} {(row.GetInt64(3) != 0 ? "NO" : "YES")}")).ToList());
        var others = postgres.Open().Read(session => session.All(PostgresColumns, row => row.GetString(0)));
        Assert.True(columns.Count > 100);
        Assert.Equal(columns.Order(StringComparer.Ordinal), others.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_primary_key_and_index_is_the_same_on_both()
    {
        using var sqlite = new TestDatabase(Database.Sqlite);
        using var postgres = new TestDatabase(Database.Postgres);
        var indexes = sqlite.Open().Read(
            session => session.All(SqliteTables, row => row.GetString(0)).SelectMany(table => Indexes(session, table)).ToList());
        var others = postgres.Open().Read(session => session.All(PostgresIndexes, row => Plain(row.GetString(0))));
        Assert.True(indexes.Count > 30);
        Assert.Equal(indexes.Order(StringComparer.Ordinal), others.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_an_id_compares_bytewise_on_PostgreSQL()
    {
        using var postgres = new TestDatabase(Database.Postgres);
        var ids = postgres.Open().Read(
            session => session.All(PostgresColumns, row => (Column: row.GetString(0), Collation: row.IsDBNull(1) ? "" : row.GetString(1))))
            .Where(column => IdColumn().IsMatch(column.Column)).ToList();
        Assert.True(ids.Count > 20);
        Assert.All(ids, column => Assert.Equal("C", column.Collation));
    }

    private static List<string> Indexes(Session session, string table)
    {
        var keys = session.All($"PRAGMA table_info({table})", row => (Name: row.GetString(1), Place: row.GetInt64(5)))
            .Where(column => column.Place > 0)
            .OrderBy(column => column.Place).Select(column => column.Name);
        List<string> found = [$"{table} primary ({string.Join(", ", keys)}) "];
        foreach (var (name, unique, origin) in session.All(
            $"PRAGMA index_list({table})", row => (row.GetString(1), row.GetInt64(2) != 0, row.GetString(3))))
        {
            if (origin == "pk")
                continue;
            var columns = session.All($"PRAGMA index_info({name})", row => row.GetString(2));
            var sql = session.First("SELECT COALESCE(sql, '') FROM sqlite_master WHERE name = $1", row => row.GetString(0), name)!;
            var predicate = sql.Split(" WHERE ", StringSplitOptions.TrimEntries) is [_, var where]
                ? where
                : sql.Split("WHERE ") is [_, var other] ? other : "";
            found.Add(Plain($"{table} {(unique ? "unique" : "index")} ({string.Join(", ", columns)}) {predicate}"));
        }

        return found;
    }

    // Drops the parts that only one database writes: parentheses around conditions, and the types of constants.
    private static string Plain(string index)
    {
        var at = index.IndexOf(") ", StringComparison.Ordinal) + 2;
        return index[..at] + Noise().Replace(index[at..], "").Trim();
    }

    [GeneratedRegex(@"[()]|::text|\s(?=\s)")]
    private static partial Regex Noise();

    [GeneratedRegex(@"\.(\w+_)?(id|by) text ")]
    private static partial Regex IdColumn();
}
