using System.Data.Common;

namespace Warder.Storage.Secrets;

/// <summary>A table with a MAC under the root key in each row, in the column <c>mac</c>.</summary>
/// <param name="name">The table's name.</param>
/// <param name="columns">
/// The covered columns, comma-separated. The order is part of the MAC: a change of it invalidates every stored MAC.
/// </param>
/// <param name="key">The primary key's columns, comma-separated; each is covered.</param>
/// <param name="id">The column that names the row to people.</param>
internal sealed class MacTable(string name, string columns, string key, string id)
{
    private readonly int idPlace = Array.IndexOf(columns.Split(", "), id);

    /// <summary>The table's name.</summary>
    public string Name => name;

    /// <summary>The covered columns.</summary>
    public IReadOnlyList<string> Columns { get; } = columns.Split(", ");

    /// <summary>The primary key's columns.</summary>
    public IReadOnlyList<string> Key { get; } = key.Split(", ");

    /// <summary>The covered columns of a table alias, and its MAC, as <see cref="Accepts"/> reads them.</summary>
    public string Of(string alias) => string.Join(", ", Columns.Select(column => alias + "." + column)) + $", {alias}.mac";

    /// <summary>The MAC of a row that is about to be written; null without a root key.</summary>
    /// <param name="session">The session that writes it.</param>
    /// <param name="values">The covered columns.</param>
    public byte[]? Mac(Session session, params ReadOnlySpan<object?> values) => session.Macs.Compute(name, values);

    /// <summary>Verifies a row. A row that fails is reported, and the caller must not use it.</summary>
    /// <param name="session">The session that read the row.</param>
    /// <param name="row">The row.</param>
    /// <param name="first">The place of the first covered column. The remaining columns and the MAC follow.</param>
    public bool Accepts(Session session, DbDataReader row, int first = 0)
    {
        if (!session.Macs.IsOn)
            return true;
        var values = Values(row, first, Columns.Count + 1);
        return session.Macs.Accepts(values[^1] as byte[], name, values[idPlace], values.AsSpan(0, Columns.Count));
    }

    /// <summary>The values of a row in the few types that both databases share.</summary>
    public static object?[] Values(DbDataReader row, int first, int count)
    {
        var values = new object?[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = row.IsDBNull(first + i) ? null : row.GetValue(first + i) switch
            {
                int number => (long)number,
                short number => (long)number,
                var value => value,
            };
        }

        return values;
    }
}
