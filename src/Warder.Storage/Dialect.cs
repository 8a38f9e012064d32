namespace Warder.Storage;

/// <summary>The real differences between databases. Everything else is one text.</summary>
public sealed record Dialect
{
    private Dialect()
    {
    }

    /// <summary>SQLite 3.35 or later.</summary>
    public static Dialect Sqlite { get; } = new() { Id = "TEXT", Clustered = "WITHOUT ROWID", Begin = "BEGIN IMMEDIATE", BeginSnapshot = "BEGIN" };

    /// <summary>The type of text that compares bytewise.</summary>
    public required string Id { get; init; }

    /// <summary>What makes a table be its primary key's tree.</summary>
    public required string Clustered { get; init; }

    /// <summary>Begins a transaction that writes.</summary>
    public required string Begin { get; init; }

    /// <summary>Begins a transaction that reads one snapshot.</summary>
    public required string BeginSnapshot { get; init; }

    /// <summary>Fills the placeholders of a migration.</summary>
    public string Expand(string sql)
        => sql.Replace("{id}", Id, StringComparison.Ordinal).Replace("{clustered}", Clustered, StringComparison.Ordinal);
}
