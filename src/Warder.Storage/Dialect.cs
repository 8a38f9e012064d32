namespace Warder.Storage;

/// <summary>The real differences between databases. Everything else is one text.</summary>
/// <param name="Id">The type of text that compares bytewise.</param>
/// <param name="Clustered">What makes a table be its primary key's tree.</param>
public sealed record Dialect(string Id, string Clustered)
{
    /// <summary>SQLite 3.35 or later.</summary>
    public static Dialect Sqlite { get; } = new("TEXT", "WITHOUT ROWID");

    /// <summary>Fills the placeholders of a migration.</summary>
    public string Expand(string sql)
        => sql.Replace("{id}", Id, StringComparison.Ordinal).Replace("{clustered}", Clustered, StringComparison.Ordinal);
}
