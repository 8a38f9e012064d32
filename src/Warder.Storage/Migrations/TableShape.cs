namespace Warder.Storage.Migrations;

/// <summary>The shape of a table, which is the same in both databases.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Columns">All columns, in order.</param>
/// <param name="Key">The columns of the primary key, in its order.</param>
internal sealed record TableShape(string Name, IReadOnlyList<string> Columns, IReadOnlyList<string> Key)
{
    private readonly Dictionary<string, int> places =
        Columns.Index().ToDictionary(static column => column.Item, static column => column.Index, StringComparer.Ordinal);

    /// <summary>The query of a page of rows by the primary key. Arguments: the key of the last row before, if any.</summary>
    public string Page(bool first, int rows)
        => $"SELECT {string.Join(", ", Columns)} FROM {Name}"
            + (first ? "" : $" WHERE ({string.Join(", ", Key)}) > ({string.Join(", ", Key.Select(static (_, i) => $"${i + 1}"))})")
            + $" ORDER BY {string.Join(", ", Key)} LIMIT {rows}";

    /// <summary>The query of the greatest key.</summary>
    public string LastKey
        => $"SELECT {string.Join(", ", Key)} FROM {Name}"
            + $" ORDER BY {string.Join(", ", Key.Select(static column => column + " DESC"))} LIMIT 1";

    /// <summary>The key of a row.</summary>
    public object?[] KeyOf(object?[] row) => [.. Key.Select(column => row[places[column]])];

    /// <summary>
    /// Lists the tables of an embedded database that hold data. Left out are the tables of each database's own: the schema's version, the
    /// head, the nodes and their measurements.
    /// </summary>
    public static List<TableShape> Of(Session embedded)
        => embedded.All(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                + " AND name NOT IN ('schema_versions', 'log_head', 'nodes', 'replica_stalls') ORDER BY name",
                static row => row.GetString(0))
            .ConvertAll(name =>
            {
                var columns = embedded.All(
                    "SELECT name, pk FROM pragma_table_info($1) ORDER BY cid",
                    static row => (Name: row.GetString(0), Key: row.GetInt32(1)), name);
                return new TableShape(
                    name, columns.ConvertAll(static column => column.Name),
                    [.. columns.Where(static column => column.Key > 0).OrderBy(static column => column.Key)
                        .Select(static column => column.Name)]);
            });
}
