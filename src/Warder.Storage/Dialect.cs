namespace Warder.Storage;

/// <summary>The differences between the databases' SQL. All other SQL is one text for both.</summary>
public sealed record Dialect
{
    private Dialect()
    {
    }

    /// <summary>SQLite 3.35 or later.</summary>
    public static Dialect Sqlite { get; } = new()
    {
        Id = "TEXT",
        Clustered = "WITHOUT ROWID",
        Begin = "BEGIN IMMEDIATE",
        BeginSnapshot = "BEGIN",
        Join = "group_concat",
        Position = "instr",
        Table = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
    };

    /// <summary>PostgreSQL 15 or later.</summary>
    public static Dialect Postgres { get; } = new()
    {
        Id = "TEXT COLLATE \"C\"",
        Clustered = "",
        Begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        BeginSnapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Join = "string_agg",
        Position = "strpos",
        // Any number will do that nothing else in the database locks.
        LockSchema = "SELECT 1 FROM pg_advisory_xact_lock(7310579611)",
        Table = "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = $1",
    };

    /// <summary>The type of text that compares bytewise.</summary>
    public required string Id { get; init; }

    /// <summary>The clause that stores a table as the tree of its primary key.</summary>
    public required string Clustered { get; init; }

    /// <summary>Begins a transaction that writes.</summary>
    public required string Begin { get; init; }

    /// <summary>Begins a transaction that reads one snapshot.</summary>
    public required string BeginSnapshot { get; init; }

    /// <summary>The aggregate that joins texts with a separator.</summary>
    public required string Join { get; init; }

    /// <summary>The function that gives the place of its second argument in the first; 0 when it is not in it.</summary>
    public required string Position { get; init; }

    /// <summary>The query that checks for a table of the name <c>$1</c>: 1 or 0.</summary>
    public required string Table { get; init; }

    /// <summary>
    /// The statement that waits for other changes of the schema, and excludes them until the transaction ends. Null where a database has
    /// only one writer.
    /// </summary>
    public string? LockSchema { get; init; }

    /// <summary>Fills the placeholders of a text.</summary>
    public string Expand(string sql)
        => sql.Replace("{id}", Id, StringComparison.Ordinal).Replace("{clustered}", Clustered, StringComparison.Ordinal)
            .Replace("{join}", Join, StringComparison.Ordinal);
}
