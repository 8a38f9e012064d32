using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Warder.Storage.Postgres;

/// <summary>Describes errors of PostgreSQL, with the place and the remedy. No message holds a password.</summary>
/// <param name="server">Host and port.</param>
/// <param name="database">The database's name.</param>
internal sealed class PostgresFaults(string server, string database)
{
    private string Where => $"The database {database} on {server}";

    /// <summary>Translates an error.</summary>
    public StorageException Translate(DbException e) => new(KindOf(e), Describe(e), e);

    /// <summary>Refuses a database for a reason.</summary>
    /// <exception cref="StorageException">The condition holds.</exception>
    public void Refuse(bool condition, string reason)
    {
        if (condition)
            throw new StorageException(StorageFaultKind.Unavailable, $"{Where} {reason}");
    }

    /// <summary>Classifies an error: fail the batch, fail the command, or retry.</summary>
    public static FailureScope ScopeOf(DbException e)
        => e is not PostgresException { InvariantSeverity: "ERROR" } failure
            ? FailureScope.Database
            : failure.SqlState switch
            {
                PostgresErrorCodes.UniqueViolation => FailureScope.Twin,
                PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected => FailureScope.Contention,
                // Values that a column cannot hold, and other constraints.
                ['2', '2' or '3', ..] => FailureScope.Command,
                _ => FailureScope.Database,
            };

    /// <summary>Whether the connection is unusable, while another one may work.</summary>
    public static bool IsConnectionLost(DbException e) => e is not PostgresException { InvariantSeverity: "ERROR" };

    // The error that the server sent. Of several hosts, the first one that sent an error.
    private static PostgresException? Answer(Exception? e) => e switch
    {
        null => null,
        PostgresException failure => failure,
        AggregateException several => several.InnerExceptions.Select(Answer).FirstOrDefault(static failure => failure is not null),
        _ => Answer(e.InnerException),
    };

    private static StorageFaultKind KindOf(DbException e)
        => e is PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted }
            ? StorageFaultKind.Damaged
            : StorageFaultKind.Unavailable;

    private string Describe(DbException e) => Answer(e) is { } failure ? Describe(failure) : e.GetBaseException() switch
    {
        SocketException socket => $"{Where} cannot be reached: {socket.Message}. Check host, port and firewall, and that PostgreSQL runs.",
        TimeoutException => $"{Where} does not answer. Check host, port and firewall, and that PostgreSQL runs.",
        _ => $"{Where} failed: {e.Message}",
    };

    private string Describe(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            => $"{Where} does not let this user in. Check user and password in the connection string, and pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName
            => $"There is no database {database} on {server}. Create it: CREATE DATABASE {database} ENCODING 'UTF8' TEMPLATE template0;",
        PostgresErrorCodes.InsufficientPrivilege => $"{Where} denies this user what Warder needs: {e.MessageText}.",
        PostgresErrorCodes.UndefinedTable => $"{Where} lacks a table of Warder's: {e.MessageText}. Restore it, or name another database.",
        PostgresErrorCodes.ReadOnlySqlTransaction => $"{Where} is read-only now: it may have become a standby. Nothing was written.",
        PostgresErrorCodes.DiskFull => $"The disk of {server} is full. Nothing was written.",
        PostgresErrorCodes.TooManyConnections
            => $"{Where} has no connection left for Warder. Raise max_connections, or lower 'Maximum Pool Size' in the connection string.",
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected
            => $"{Where} is held by another node's change. Nothing was written; try again.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            => $"{Where} is stopping or starting. Nothing was written.",
        _ => $"{Where} failed: {e.MessageText} ({e.SqlState})",
    };
}
