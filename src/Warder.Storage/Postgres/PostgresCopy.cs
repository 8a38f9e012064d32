using NpgsqlTypes;
using Warder.Storage.Migrations;

namespace Warder.Storage.Postgres;

/// <summary>Writes many rows into a table at once, all or none.</summary>
internal static class PostgresCopy
{
    /// <summary>Copies rows in.</summary>
    public static void Write(Session session, TableShape table, IReadOnlyList<object?[]> rows)
    {
        var types = session.All(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1",
                static row => (Column: row.GetString(0), Type: TypeOf(row.GetString(1))), table.Name)
            .ToDictionary(static column => column.Column, static column => column.Type, StringComparer.Ordinal);
        var columns = table.Columns.Select(column => types[column]).ToArray();
        using var writer = ((PostgresSession)session)
            .BeginImport($"COPY {table.Name} ({string.Join(", ", table.Columns)}) FROM STDIN BINARY");
        foreach (var row in rows)
        {
            writer.StartRow();
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] is { } value)
                    writer.Write(Fitting(value, columns[i]), columns[i]);
                else
                    writer.WriteNull();
            }
        }

        writer.Complete();
    }

    private static NpgsqlDbType TypeOf(string name) => name switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "integer" => NpgsqlDbType.Integer,
        "smallint" => NpgsqlDbType.Smallint,
        "bytea" => NpgsqlDbType.Bytea,
        "text" => NpgsqlDbType.Text,
        _ => throw new NotSupportedException($"No table of Warder's has a column of the type {name}."),
    };

    private static object Fitting(object value, NpgsqlDbType type) => (value, type) switch
    {
        (long number, NpgsqlDbType.Integer) => checked((int)number),
        (long number, NpgsqlDbType.Smallint) => checked((short)number),
        _ => value,
    };
}
