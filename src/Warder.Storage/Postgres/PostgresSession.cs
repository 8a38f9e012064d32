using System.Data;
using System.Data.Common;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Warder.Core.Time;
using Warder.Storage.Journal;

namespace Warder.Storage.Postgres;

/// <summary>
/// A connection of PostgreSQL's. What need not answer waits, and goes with the next statement that must: a pipeline, one way there and
/// back. The driver prepares each text that comes again, which is why connections are direct ones and not a pooler's.
/// </summary>
/// <remarks>
/// Text and numbers are sent as text of no stated type, so that the server takes each for what the column is, and a text has one prepared
/// form whichever of its arguments are null.
/// </remarks>
internal sealed class PostgresSession : Session
{
    /// <summary>The owner of what is no command's: the transaction's own statements.</summary>
    public const int Nobody = -1;

    // PostgreSQL's own code of a warning that has none.
    private const string Warning = "01000";

    /// <summary>For what may take as long as it likes. Otherwise the driver cancels it, on the server too.</summary>
    public const int NoTimeout = 0;

    private const int TimeLimitStepMilliseconds = 100;

    private readonly NpgsqlConnection connection;
    private readonly bool writes;
    private readonly int timeoutSeconds;
    private List<Queued> queue = [];
    private int enqueued;
    private volatile bool warned;

    /// <summary>Wraps an open connection, which it owns from now on.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="writes">Whether it is a writer's, which locks what it finds.</param>
    /// <param name="timeoutSeconds">How long the answer to a round trip may take; a commit's aside.</param>
    public PostgresSession(NpgsqlConnection connection, bool writes, int timeoutSeconds)
    {
        (this.connection, this.writes, this.timeoutSeconds) = (connection, writes, timeoutSeconds);
        connection.Notice += (_, e) => warned |= e.Notice.SqlState == Warning && e.Notice.InvariantSeverity == "WARNING";
    }

    private readonly record struct Queued(NpgsqlBatchCommand Command, int Owner, bool Returns, Action<DbDataReader>? Take);

    /// <inheritdoc/>
    public override Dialect Dialect => Dialect.Postgres;

    /// <inheritdoc/>
    internal override bool Locks => writes;

    /// <summary>Whose statements follow: the number of a command in its batch, or <see cref="Nobody"/>.</summary>
    public int Owner { get; set; } = Nobody;

    /// <summary>Whether anything was written since it was set to false.</summary>
    public bool Wrote { get; set; }

    /// <summary>How many statements were given so far: a place in their order.</summary>
    public int Place => enqueued;

    /// <summary>How many of them have been sent, or taken back.</summary>
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
    public override Deferred<T> Ask<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        var asked = new Deferred<T>(Flush);
        Enqueue(Command(sql, arguments), returns: true, reader => asked.Answer(Drain(reader, map)));
        return asked;
    }

    /// <inheritdoc/>
    public override List<T> AllOnce<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments) => All(sql, map, arguments);

    /// <summary>Queues a statement of the transaction's own.</summary>
    public void Queue(string sql) => Enqueue(new NpgsqlBatchCommand(sql), returns: false);

    /// <summary>Queues a statement.</summary>
    /// <param name="command">The statement.</param>
    /// <param name="returns">Whether it has rows.</param>
    /// <param name="take">Reads them, when somebody will ask for them.</param>
    public void Enqueue(NpgsqlBatchCommand command, bool returns, Action<DbDataReader>? take = null)
    {
        queue.Add(new Queued(command, Owner, returns, take));
        enqueued++;
    }

    /// <summary>Sends what waits.</summary>
    public void Flush()
    {
        if (queue.Count > 0)
            Send(TakeQueue()).Dispose();
    }

    /// <summary>Forgets what waits, from a place on.</summary>
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

    /// <summary>Sends what waits, asks something, and ends the transaction: one round trip.</summary>
    public T Last<T>(string sql, Func<DbDataReader, T> map, string end)
    {
        Enqueue(new NpgsqlBatchCommand(sql), returns: true);
        Queue(end);
        using var reader = Send(TakeQueue());
        return map(reader);
    }

    /// <summary>
    /// Sends what waits and commits: one round trip. However long it takes, it is not cancelled: that could make it less than durable.
    /// </summary>
    /// <param name="map">Reads the rows of the last statement that has any.</param>
    /// <param name="tells">Whether to tell the other nodes right after it, in the same round trip; then, whether they were told.</param>
    /// <exception cref="PipelinedFailureException">A command's statement failed. Nothing is committed.</exception>
    /// <exception cref="StorageException">It is not known whether it is durable.</exception>
    public T Commit<T>(Func<DbDataReader, T> map, ref bool tells)
    {
        var commit = new NpgsqlBatchCommand("COMMIT");
        Enqueue(commit, returns: false);
        var word = new NpgsqlBatchCommand(LogNotifications.Word);
        if (tells)
            Enqueue(word, returns: false);
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
                // The commit's own answer is the last, or the last but one.
            }
        }
        catch (PostgresException e) when (tells && (ReferenceEquals(e.BatchCommand, word) || (isRead && e.BatchCommand is null)))
        {
            // Whatever became of the word, and be it that the server ended the connection: the commit before it was answered. That the word
            // itself could not be committed is said behind all statements.
            tells = false;
        }
        catch (NpgsqlException e) when (e is not PostgresException failure || IsDoubtful(failure, commit))
        {
            throw Unknown("The connection to the database was lost while the change was committed: whether it is durable is not known.", e);
        }

        if (warned)
            throw Unknown("The change was committed, and the wait for its replication was broken off: whether a standby has it is not known.", null);
        return result;
    }

    // The server ended the connection at the commit, or after all statements: it may have said that as its last word on what it had just
    // committed.
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

    /// <summary>Waits until the database has something to say of its own accord, or for so long.</summary>
    public void WaitForNews(int milliseconds) => connection.Wait(milliseconds);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => connection.Dispose();

    private protected override void Lock(string select, params ReadOnlySpan<object?> arguments) => Enqueue(Command(select, arguments), returns: true);

    private static StorageException Unknown(string message, Exception? cause) => new(StorageFaultKind.OutcomeUnknown, message, cause);

    private List<Queued> TakeQueue()
    {
        var taken = queue;
        queue = [];
        return taken;
    }

    // The reader stands at the rows of the last statement, unless they are taken. Disposing of it reads what is left, and disposing of the
    // batch before that is allowed.
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

    // Only of a transaction that reads. In steps, so that there are few such texts to prepare, and never less than what is left.
    private static string TimeLimit(long deadlineMicroseconds)
    {
        var left = Math.Max(0, deadlineMicroseconds - Clock.MonotonicMicroseconds()) / 1_000 / TimeLimitStepMilliseconds;
        return string.Create(CultureInfo.InvariantCulture, $"SET LOCAL statement_timeout = {(left + 1) * TimeLimitStepMilliseconds}");
    }

    // The driver takes it for a mistake of the caller's.
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
            // What it was that failed is known.
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
