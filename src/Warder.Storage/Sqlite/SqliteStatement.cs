using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Warder.Storage.Sqlite;

/// <summary>
/// A prepared statement of SQLite's own. ADO.NET's command looks up each parameter's name at each execution and builds a reader for each
/// result; most statements here take less time than that. Rows are still read through a <see cref="System.Data.Common.DbDataReader"/>, so
/// that the tables need no second form.
/// </summary>
/// <remarks>
/// Used by one thread at a time, and for one execution at a time: rows are read to their end, or disposed, before the next.
/// </remarks>
internal sealed class SqliteStatement : IDisposable
{
    private const int StackBytes = 1024;

    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly int[] places;

    private SqliteStatement(sqlite3 database, sqlite3_stmt statement, int arguments)
    {
        this.database = database;
        this.statement = statement;
        // SQLite numbers "$1" and "$2" by their first places in the text.
        places = new int[arguments];
        for (var i = 0; i < arguments; i++)
            places[i] = raw.sqlite3_bind_parameter_index(statement, "$" + (i + 1).ToString(CultureInfo.InvariantCulture));
        Rows = new SqliteRows(this, statement);
        IsReadOnly = raw.sqlite3_stmt_readonly(statement) != 0;
    }

    /// <summary>The rows of the last <see cref="Start"/>.</summary>
    public SqliteRows Rows { get; }

    /// <summary>Whether the statement leaves the database unchanged. Statements that begin and end transactions count as such.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Prepares a text of one statement.</summary>
    public static SqliteStatement Prepare(SqliteConnection connection, string sql, int arguments)
    {
        var database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out var statement, out var rest), database);
        if (string.IsNullOrWhiteSpace(rest))
            return new SqliteStatement(database, statement, arguments);
        statement.Dispose();
        throw new ArgumentException($"More than one statement: {sql}", nameof(sql));
    }

    /// <summary>Gives the arguments; the rows follow.</summary>
    public void Start(ReadOnlySpan<object?> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (places[i] > 0)
                Check(Bind(places[i], arguments[i]));
        }
    }

    /// <summary>Runs to the end, and returns the number of changed rows.</summary>
    public int Run(ReadOnlySpan<object?> arguments)
    {
        Start(arguments);
        while (Step())
        {
            // Returned rows are not needed.
        }

        return raw.sqlite3_changes(database);
    }

    /// <summary>Goes to the next row. At the end, or after a failure, the statement is ready for another execution.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW)
            return true;
        try
        {
            if (result != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(result, database);
        }
        finally
        {
            Reset();
        }

        return false;
    }

    /// <summary>Discards the unread rows.</summary>
    public void Reset() => _ = raw.sqlite3_reset(statement);

    /// <inheritdoc/>
    public void Dispose()
    {
        Rows.Dispose();
        statement.Dispose();
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(result, database);
    }

    private int Bind(int place, object? value) => value switch
    {
        null or DBNull => raw.sqlite3_bind_null(statement, place),
        string text => BindText(place, text),
        long number => raw.sqlite3_bind_int64(statement, place, number),
        int number => raw.sqlite3_bind_int64(statement, place, number),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, place, 0),
        byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
        bool flag => raw.sqlite3_bind_int64(statement, place, flag ? 1 : 0),
        _ => throw new ArgumentException($"A {value.GetType()} is no argument of a statement.", nameof(value)),
    };

    private int BindText(int place, string text)
    {
        // An empty span has no address, and would be NULL.
        if (text.Length == 0)
            return raw.sqlite3_bind_text(statement, place, "");
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= StackBytes)
        {
            Span<byte> bytes = stackalloc byte[StackBytes];
            return raw.sqlite3_bind_text(statement, place, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            return raw.sqlite3_bind_text(statement, place, rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
