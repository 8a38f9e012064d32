using System.Data.Common;
using Microsoft.Data.Sqlite;
using Warder.Core.Time;

namespace Warder.Storage.Sqlite;

/// <summary>A connection of SQLite's, with statements of SQLite's own.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : Session
{
    // Of SQLite's virtual machine: about a tenth of a millisecond.
    private const int StepsBetweenLooks = 10_000;

    private readonly Dictionary<string, SqliteStatement> statements = new(StringComparer.Ordinal);
    private string? beforeWriting;
    private bool watching;

    /// <inheritdoc/>
    public override Dialect Dialect => Dialect.Sqlite;

    /// <summary>Whether anything was written since <see cref="BeforeWriting"/>.</summary>
    public bool Wrote { get; private set; }

    /// <summary>Whether a transaction is open: a failed statement may have ended it.</summary>
    public bool IsInTransaction => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>Sets a statement to run before the next statement that writes.</summary>
    public void BeforeWriting(string? sql) => (beforeWriting, Wrote) = (sql, false);

    /// <inheritdoc/>
    public override int Execute(string sql, params ReadOnlySpan<object?> arguments) => Statement(sql, arguments.Length).Run(arguments);

    /// <inheritdoc/>
    public override List<T> AllOnce<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        using var statement = SqliteStatement.Prepare(connection, sql, arguments.Length);
        statement.Start(arguments);
        return Drain(statement.Rows.Begin(), map);
    }

    /// <inheritdoc/>
    internal override DbDataReader Query(string sql, params ReadOnlySpan<object?> arguments)
    {
        var statement = Statement(sql, arguments.Length);
        statement.Start(arguments);
        return statement.Rows.Begin();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var statement in statements.Values)
            statement.Dispose();
        connection.Dispose();
    }

    /// <inheritdoc/>
    private protected override void Watch()
    {
        if (watching)
            return;
        watching = true;
        SQLitePCL.raw.sqlite3_progress_handler(
            connection.Handle, StepsBetweenLooks, static session => ((SqliteSession)session).IsLate() ? 1 : 0, this);
    }

    private bool IsLate() => DeadlineMicroseconds is { } deadline && Clock.MonotonicMicroseconds() >= deadline;

    private SqliteStatement Statement(string sql, int arguments)
    {
        if (!statements.TryGetValue(sql, out var statement))
            statements.Add(sql, statement = SqliteStatement.Prepare(connection, sql, arguments));
        if (!statement.IsReadOnly && !Wrote)
            WriteFirst();
        return statement;
    }

    private void WriteFirst()
    {
        Wrote = true;
        if (beforeWriting is not { } sql)
            return;
        beforeWriting = null;
        Execute(sql);
    }
}
