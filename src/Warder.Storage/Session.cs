using System.Data.Common;
using Microsoft.Data.Sqlite;
using Warder.Storage.Sqlite;

namespace Warder.Storage;

/// <summary>
/// One connection with its prepared statements. All SQL goes through here; parameters are positional, <c>$1</c> upwards.
/// </summary>
/// <remarks>Used by one thread at a time. Each text is prepared once and kept for the connection's life: texts are constants.</remarks>
public sealed class Session : IDisposable
{
    private readonly Dictionary<string, DbCommand> prepared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteStatement?> statements = new(StringComparer.Ordinal);
    private readonly SqliteConnection? sqlite;

    /// <summary>Wraps an open connection, which it owns from now on.</summary>
    public Session(DbConnection connection)
    {
        Connection = connection;
        sqlite = connection as SqliteConnection;
    }

    /// <summary>The connection.</summary>
    internal DbConnection Connection { get; }

    /// <summary>Runs a statement that returns nothing, and says how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> arguments)
        => Statement(sql, arguments.Length) is { } statement ? statement.Run(arguments) : Prepare(sql, arguments).ExecuteNonQuery();

    /// <summary>The first row, mapped; default when there is none.</summary>
    public T? First<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Query(sql, arguments);
        return reader.Read() ? map(reader) : default;
    }

    /// <summary>All rows, mapped.</summary>
    public List<T> All<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Query(sql, arguments);
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(map(reader));
        return rows;
    }

    /// <summary>All rows of a statement whose text depends on what is asked: it is not kept, for there are thousands of such texts.</summary>
    public List<T> AllOnce<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        using var command = Bound(Create(sql, arguments.Length), arguments);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(map(reader));
        return rows;
    }

    /// <summary>The first column of the first row as a number; zero when there is no row.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> arguments) => First(sql, static row => row.GetInt64(0), arguments);

    /// <summary>A reader over the rows, which the caller disposes.</summary>
    internal DbDataReader Query(string sql, params ReadOnlySpan<object?> arguments)
    {
        if (Statement(sql, arguments.Length) is not { } statement)
            return Prepare(sql, arguments).ExecuteReader();
        statement.Start(arguments);
        return statement.Rows.Begin();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
        foreach (var statement in statements.Values)
            statement?.Dispose();
        Connection.Dispose();
    }

    // SQLite's own, where it is SQLite and the text is one statement.
    private SqliteStatement? Statement(string sql, int arguments)
    {
        if (sqlite is null)
            return null;
        if (!statements.TryGetValue(sql, out var statement))
            statements.Add(sql, statement = SqliteStatement.Prepare(sqlite, sql, arguments));
        return statement;
    }

    private DbCommand Prepare(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!prepared.TryGetValue(sql, out var command))
            prepared.Add(sql, command = Create(sql, arguments.Length));
        return Bound(command, arguments);
    }

    private DbCommand Create(string sql, int arguments)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < arguments; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"${i + 1}";
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static DbCommand Bound(DbCommand command, ReadOnlySpan<object?> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
            command.Parameters[i].Value = arguments[i] ?? DBNull.Value;
        return command;
    }
}

/// <summary>Reading columns that may be null.</summary>
internal static class Rows
{
    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? NumberOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static Core.Time.Instant Time(this DbDataReader row, int column) => new(row.GetInt64(column));

    public static Core.Time.Instant? TimeOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : new(row.GetInt64(column));

    public static bool Flag(this DbDataReader row, int column) => row.GetInt64(column) != 0;

    public static byte[] Bytes(this DbDataReader row, int column) => (byte[])row.GetValue(column);
}
