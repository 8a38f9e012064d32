using System.Data;
using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Warder.Core.Time;
using Warder.Storage.Journal;

namespace Warder.Storage.Postgres;

/// <summary>
/// A connection of PostgreSQL's. A statement whose result is not needed is queued, and sent with the next one whose result is: a pipeline,
/// one round trip. The driver prepares each repeated text, so connections must be direct and not a pooler's.
/// </summary>
/// <remarks>
/// Text and numbers are sent as text of no stated type. The server converts each to the column's type, and a statement has one prepared
/// form for any null arguments.
/// </remarks>
internal sealed class PostgresSession : Session
{
    /// <summary>The owner of statements that belong to no command: the transaction's own.</summary>
    public const int Nobody = -1;

    // PostgreSQL's code of a warning without a code of its own.
    private const string Warning = "01000";

    /// <summary>For statements without a time limit. Otherwise the driver cancels a late statement, on the server too.</summary>
    public const int NoTimeout = 0;

    private const int TimeLimitStepMilliseconds = 100;

    private readonly NpgsqlConnection connection;
    private readonly bool writes;
    private readonly int timeoutSeconds;
    private List<Queued> queue = [];
    private int enqueued;
    private volatile bool warned;
    private bool notified;

    /// <summary>Wraps an open connection, which the session then owns.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="writes">Whether it is a writer's, which locks the rows that it reads.</param>
    /// <param name="timeoutSeconds">The time limit of a round trip; a commit has none.</param>
    public PostgresSession(NpgsqlConnection connection, bool writes, int timeoutSeconds)
    {
        (this.connection, this.writes, this.timeoutSeconds) = (connection, writes, timeoutSeconds);
        // The driver raises this on the thread that uses the session, while it reads from the connection.
        connection.Notification += (_, _) => notified = true;
        connection.Notice += (_, e) => warned |= e.Notice.SqlState == Warning && e.Notice.InvariantSeverity == "WARNING";
    }

    private readonly record struct Queued(NpgsqlBatchCommand Command, int Owner, bool Returns, Action<DbDataReader>? Take);

    /// <inheritdoc/>
    public override Dialect Dialect => Dialect.Postgres;

    /// <inheritdoc/>
    internal override bool Locks => writes;

    /// <summary>The owner of the next statements: the number of a command in its batch, or <see cref="Nobody"/>.</summary>
    public int Owner { get; set; } = Nobody;

    /// <summary>Whether a statement wrote since the property was set to false.</summary>
    public bool Wrote { get; set; }

    /// <summary>The number of statements that were queued so far: a place in their order.</summary>
    public int Place => enqueued;

    /// <summary>The number of statements that were sent or dropped.</summary>
    public int Sent => enqueued - queue.Count;

    /// <inheritdoc/>
    public override int Execute(string sql, params ReadOnlySpan<object?> arguments)
    {
        Write(sql, arguments);
        var last = queue[^1].Command;
        Flush();
        return (int)last.RecordsAffected;
    }

    /// <inheritdoc/>
    public override void Write(string sql, params ReadOnlySpan<object?> arguments)
    {
        Wrote = true;
        Enqueue(Command(sql, arguments), returns: false);
    }

    /// <inheritdoc/>
    public override Deferred<T> Defer<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        var deferred = new Deferred<T>(Flush);
        Enqueue(Command(sql, arguments), returns: true, reader => deferred.Answer(Drain(reader, map)));
        return deferred;
    }

    /// <inheritdoc/>
    public override List<T> AllOnce<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments)
        => All(sql, map, arguments);

    /// <summary>Queues a statement of the transaction's own.</summary>
    public void Queue(string sql) => Enqueue(new NpgsqlBatchCommand(sql), returns: false);

    /// <summary>Queues a statement.</summary>
    /// <param name="command">The statement.</param>
    /// <param name="returns">Whether it has rows.</param>
    /// <param name="take">Reads the rows; null when they are not needed.</param>
    public void Enqueue(NpgsqlBatchCommand command, bool returns, Action<DbDataReader>? take = null)
    {
        queue.Add(new Queued(command, Owner, returns, take));
        enqueued++;
    }

    /// <summary>Sends the queue.</summary>
    public void Flush()
    {
        if (queue.Count > 0)
            Send(TakeQueue()).Dispose();
    }

    /// <summary>Drops the queued statements from a place on.</summary>
    public void Drop(int from)
    {
        var unsent = Math.Min(queue.Count, enqueued - from);
        queue.RemoveRange(queue.Count - unsent, unsent);
        enqueued -= unsent;
    }

    /// <inheritdoc/>
    internal override DbDataReader Query(string sql, params ReadOnlySpan<object?> arguments)
    {
        Wrote |= !sql.StartsWith("SELECT", StringComparison.Ordinal);
        Enqueue(Command(sql, arguments), returns: true);
        return Send(TakeQueue());
    }

    /// <summary>Sends the queue and a query, and ends the transaction: one round trip.</summary>
    public T Last<T>(string sql, Func<DbDataReader, T> map, string end)
    {
        Enqueue(new NpgsqlBatchCommand(sql), returns: true);
        Queue(end);
        using var reader = Send(TakeQueue());
        return map(reader);
    }

    /// <summary>
    /// Sends the queue and commits: one round trip. A commit is never cancelled: a cancelled commit could be less than durable.
    /// </summary>
    /// <param name="map">Reads the rows of the last statement that has any.</param>
    /// <param name="notifies">Whether to notify the other nodes in the same round trip; on return, whether they were notified.</param>
    /// <exception cref="PipelinedFailureException">A command's statement failed. Nothing is committed.</exception>
    /// <exception cref="StorageException">The outcome of the commit is unknown.</exception>
    public T Commit<T>(Func<DbDataReader, T> map, ref bool notifies)
    {
        var commit = new NpgsqlBatchCommand("COMMIT");
        Enqueue(commit, returns: false);
        var notify = new NpgsqlBatchCommand(LogNotifications.Statement);
        if (notifies)
            Enqueue(notify, returns: false);
        var statements = TakeQueue();
        T result = default!;
        (warned, var isRead) = (false, false);
        RequireConnection();
        try
        {
            using var reader = Send(statements, NoTimeout);
            result = map(reader);
            isRead = true;
            while (reader.NextResult())
            {
                // The result of the commit is the last, or the last but one.
            }
        }
        catch (PostgresException e) when (notifies && (ReferenceEquals(e.BatchCommand, notify) || (isRead && e.BatchCommand is null)))
        {
            // COMMIT was acknowledged, so the change is durable even if NOTIFY or the connection failed. A failure to commit the NOTIFY
            // itself is reported behind all statements.
            notifies = false;
        }
        catch (NpgsqlException e) when (e is not PostgresException failure || IsDoubtful(failure, commit))
        {
            throw Unknown("The connection to the database was lost while the change was committed: whether it is durable is not known.", e);
        }

        if (warned)
            throw Unknown(
                "The change was committed, and the wait for its replication was broken off: whether a standby has it is not known.", null);
        return result;
    }

    // The server ended the connection at the commit, or after all statements. The commit may already be durable when it reports this.
    private static bool IsDoubtful(PostgresException failure, NpgsqlBatchCommand commit)
        => failure.InvariantSeverity != "ERROR" && (failure.BatchCommand is null || ReferenceEquals(failure.BatchCommand, commit));

    /// <summary>A statement that is not yet sent.</summary>
    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object?> arguments)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var argument in arguments)
            command.Parameters.Add(Parameter(argument));
        return command;
    }

    /// <summary>Begins to copy rows in.</summary>
    public NpgsqlBinaryImporter BeginImport(string copy) => connection.BeginBinaryImport(copy);

    /// <summary>Waits until the database sends a notification, or for the given time.</summary>
    public void WaitForNotification(int milliseconds)
    {
        if (!notified)
            connection.Wait(milliseconds);
        notified = false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => connection.Dispose();

    private protected override void Lock(string select, params ReadOnlySpan<object?> arguments)
        => Enqueue(Command(select, arguments), returns: true);

    private static StorageException Unknown(string message, Exception? cause) => new(StorageFaultKind.OutcomeUnknown, message, cause);

    private List<Queued> TakeQueue()
    {
        var taken = queue;
        queue = [];
        return taken;
    }

    // The reader is at the rows of the last statement, unless they were read. Disposal reads the remaining rows. Disposing of the batch
    // before the reader is allowed.
    private NpgsqlDataReader Send(List<Queued> statements, int? within = null)
    {
        RequireConnection();
        RequireTime();
        using var batch = new NpgsqlBatch(connection);
        if (DeadlineMicroseconds is { } deadline && statements[0].Command.CommandText != Dialect.BeginSnapshot)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(TimeLimit(deadline)));
        batch.Timeout = within ?? timeoutSeconds;
        foreach (var statement in statements)
            batch.BatchCommands.Add(statement.Command);
        NpgsqlDataReader? reader = null;
        try
        {
            reader = batch.ExecuteReader();
            var first = true;
            foreach (var statement in statements.Where(static statement => statement.Returns))
            {
                if (!first)
                    reader.NextResult();
                first = false;
                statement.Take?.Invoke(reader);
            }

            return reader;
        }
        catch (PostgresException e)
        {
            DisposeAfter(reader);
            var failed = statements.Find(statement => ReferenceEquals(statement.Command, e.BatchCommand));
            if (failed.Command is not null && failed.Owner != Nobody && failed.Owner != Owner)
                throw new PipelinedFailureException(e);
            throw;
        }
        catch
        {
            DisposeAfter(reader);
            throw;
        }
    }

    // Only for a transaction that reads. Rounded up in steps: few texts to prepare, and never less than the remaining time.
    private static string TimeLimit(long deadlineMicroseconds)
    {
        var left = Math.Max(0, deadlineMicroseconds - Clock.MonotonicMicroseconds()) / 1_000 / TimeLimitStepMilliseconds;
        return string.Create(CultureInfo.InvariantCulture, $"SET LOCAL statement_timeout = {(left + 1) * TimeLimitStepMilliseconds}");
    }

    // The driver reports a closed connection as an error of the caller.
    private void RequireConnection()
    {
        if (connection.FullState.HasFlag(ConnectionState.Broken) || connection.State == ConnectionState.Closed)
            throw new NpgsqlException("The connection was lost.");
    }

    private static void DisposeAfter(NpgsqlDataReader? reader)
    {
        try
        {
            reader?.Dispose();
        }
        catch (DbException)
        {
            // The first failure is known already.
        }
    }

    private static NpgsqlParameter Parameter(object? argument) => argument switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Unknown },
        string text => new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Unknown },
        byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes, NpgsqlDbType = NpgsqlDbType.Bytea },
        long or int => new NpgsqlParameter<string>
        {
            TypedValue = ((IFormattable)argument).ToString(null, CultureInfo.InvariantCulture), NpgsqlDbType = NpgsqlDbType.Unknown,
        },
        bool flag => new NpgsqlParameter<string> { TypedValue = flag ? "1" : "0", NpgsqlDbType = NpgsqlDbType.Unknown },
        _ => throw new ArgumentException($"A {argument.GetType()} is no argument of a statement.", nameof(argument)),
    };
}
