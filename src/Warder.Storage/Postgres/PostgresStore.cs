using System.Data.Common;
using Npgsql;
using Warder.Core.Time;
using Warder.Storage.Journal;

namespace Warder.Storage.Postgres;

/// <summary>
/// A PostgreSQL database that several nodes share. Every connection goes directly to the primary. Each is inspected before its first use.
/// </summary>
public sealed class PostgresStore : Store
{
    private const int OldestVersion = 150_000;
    private const int ConnectSeconds = 3;
    private const int CommandSeconds = 5;
    private const int MaxPrepared = 200;
    private const int WriteBufferBytes = 65_536;
    private const int KeepAliveMilliseconds = 4_000;
    private static readonly TimeSpan LongestCommit = TimeSpan.FromSeconds(15);

    // The durability of a commit is fixed here, so that the server's configuration cannot change it.
    private const string Inspect =
        "SELECT current_setting('server_version_num')::int, pg_is_in_recovery()::int,"
        + " (current_setting('transaction_read_only') = 'on')::int,"
        + " current_setting('server_encoding'), set_config('synchronous_commit', current_setting('synchronous_commit'), false)";

    // A frozen node keeps the locks of its batch no longer than this. The server reports a cancelled wait for replication as a warning.
    private const string WriterSettings =
        "SET idle_in_transaction_session_timeout = 1000; SET lock_timeout = 1500;"
        + " SET statement_timeout = 0; SET client_min_messages = warning";

    private const string ReaderSettings =
        "SET default_transaction_read_only = on; SET statement_timeout = 10000; SET idle_in_transaction_session_timeout = 10000";

    // Another node may be changing the schema, which may take long.
    private const string MigrationSettings = "SET lock_timeout = 0; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";

    private readonly NpgsqlDataSource source;
    private readonly PostgresFaults faults;
    private volatile string? password;

    private PostgresStore(NpgsqlConnectionStringBuilder settings, TimeSpan commitPatience, Func<string?>? reread)
        : base(settings.MaxPoolSize)
    {
        CommitPatience = commitPatience;
        password = settings.Password;
        if (reread is not null)
            settings = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Password = null };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (reread is not null)
            builder.UsePasswordProvider(_ => ReadPassword(reread), (_, _) => ValueTask.FromResult(ReadPassword(reread)));
        source = settings.Host!.Contains(',', StringComparison.Ordinal)
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.ReadWrite)
            : builder.Build();
        faults = new PostgresFaults(
            settings.Host?.Contains(':') is true ? settings.Host : $"{settings.Host}:{settings.Port}",
            settings.Database ?? settings.Username ?? "");
    }

    /// <inheritdoc/>
    public override Dialect Dialect => Dialect.Postgres;

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    /// <remarks>A transaction with more than 64 savepoints that wrote makes every snapshot of every session dearer.</remarks>
    internal override int MaxBatch => 60;

    /// <inheritdoc/>
    internal override TimeSpan? CommitPatience { get; }

    /// <summary>Connects, and brings the schema up to date.</summary>
    /// <param name="connection">The connection string; see <see cref="ConnectionText"/>.</param>
    /// <param name="commitPatience">The time after which the callers of a commit get an unknown outcome; null: 15 s.</param>
    /// <param name="reread">
    /// Reads the connection string again: each new connection uses the password that it has then. Null: the password cannot change.
    /// </param>
    /// <exception cref="ArgumentException">The connection string is not well-formed.</exception>
    /// <exception cref="StorageException">The database does not exist, or cannot be used.</exception>
    public static PostgresStore Open(string connection, TimeSpan? commitPatience = null, Func<string?>? reread = null)
    {
        var store = new PostgresStore(Settings(ConnectionText.Parse(connection)), commitPatience ?? LongestCommit, reread);
        try
        {
            using var session = store.OpenPatient();
            Migrator.Run(session);
            return store;
        }
        catch (Exception e)
        {
            store.Dispose();
            if (e is DbException failure)
                throw store.Translate(failure);
            throw;
        }
    }

    /// <summary>Connects, reads the server's version and time, and changes nothing.</summary>
    /// <exception cref="ArgumentException">The connection string is not well-formed.</exception>
    /// <exception cref="StorageException">The database does not exist, or cannot be used.</exception>
    public static (int Version, Instant Now) Probe(string connection)
    {
        using var store = new PostgresStore(Settings(ConnectionText.Parse(connection)), LongestCommit, reread: null);
        return store.Read(static session => (
            (int)session.Number("SELECT current_setting('server_version_num')::bigint"),
            new Instant(session.Number("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"))));
    }

    /// <inheritdoc/>
    public override Session OpenWriter() => Connect(WriterSettings, writes: true);

    /// <inheritdoc/>
    public override Session OpenPatient() => Connect(MigrationSettings, writes: true, PostgresSession.NoTimeout);

    /// <inheritdoc/>
    internal override StorageException Translate(DbException e) => faults.Translate(e);

    /// <inheritdoc/>
    internal override FailureScope ScopeOf(DbException e) => PostgresFaults.ScopeOf(e);

    /// <inheritdoc/>
    internal override bool IsConnectionLost(DbException e) => PostgresFaults.IsConnectionLost(e);

    /// <inheritdoc/>
    internal override Transaction TransactionOn(Session writer) => new PostgresTransaction((PostgresSession)writer);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        source.Dispose();
    }

    internal override Session OpenReader() => Connect(ReaderSettings, writes: false);

    private static NpgsqlConnectionStringBuilder Settings(NpgsqlConnectionStringBuilder given)
    {
        var settings = new NpgsqlConnectionStringBuilder(given.ConnectionString)
        {
            // The store keeps its sessions, each with its own settings, so the driver's pool is not used.
            Pooling = false,
            Multiplexing = false,
            Enlist = false,
            ApplicationName = given.ApplicationName ?? "warder",
            CommandTimeout = CommandSeconds,
            CancellationTimeout = -1,
            MaxAutoPrepare = MaxPrepared,
            AutoPrepareMinUsages = 2,
            IncludeFailedBatchedCommand = true,
            WriteBufferSize = WriteBufferBytes,
        };
        // A Unix socket needs no keep-alive, and refuses the option.
        if (!settings.Host!.StartsWith('/'))
            (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) =
                (true, KeepAliveMilliseconds, KeepAliveMilliseconds / 4);
        if (!given.ContainsKey("Timeout"))
            settings.Timeout = ConnectSeconds;
        if (!given.ContainsKey("Maximum Pool Size"))
            settings.MaxPoolSize = 16;
        return settings;
    }

    // A file that cannot be read now, or is half written, leaves the last password.
    private string ReadPassword(Func<string?> reread)
    {
        try
        {
            if (reread() is { } text && ConnectionText.Parse(text).Password is { Length: > 0 } fresh)
                password = fresh;
        }
        catch (Exception)
        {
            // The connection is tried with the last password; its failure is reported.
        }

        return password ?? "";
    }

    private PostgresSession Connect(string settings, bool writes, int timeoutSeconds = CommandSeconds)
    {
        var connection = source.OpenConnection();
        try
        {
            using var command = new NpgsqlCommand(settings + "; " + Inspect, connection) { CommandTimeout = timeoutSeconds };
            using (var row = command.ExecuteReader())
            {
                row.Read();
                faults.Refuse(
                    row.GetInt32(0) < OldestVersion,
                    $"is of version {row.GetInt32(0) / 10_000}. Warder needs PostgreSQL {OldestVersion / 10_000} or later.");
                faults.Refuse(
                    row.GetInt32(1) != 0,
                    "is a standby. Warder reads and writes the primary only: name that, or all hosts, comma-separated.");
                faults.Refuse(
                    writes && row.GetInt32(2) != 0,
                    "is read-only: its default_transaction_read_only is on. Name the primary, or set it off for Warder's role.");
                faults.Refuse(
                    row.GetString(3) != "UTF8",
                    $"has the encoding {row.GetString(3)}. Create the database with ENCODING 'UTF8'.");
                faults.Refuse(
                    writes && row.GetString(4) == "off",
                    "has synchronous_commit off: it would lose changes that were acknowledged. Set it on for Warder's role or database.");
            }

            return new PostgresSession(connection, writes, timeoutSeconds) { Macs = Macs };
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
