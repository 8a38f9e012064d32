using System.Data.Common;
using Warder.Core.Time;

namespace Warder.Storage.LogReaders;

/// <summary>The state of one reader of the log.</summary>
/// <param name="Name">The reader.</param>
/// <param name="Sequence">The last event that the reader has handled; 0 before the first.</param>
/// <param name="Owner">The node that runs the reader; null without one.</param>
/// <param name="Renewals">The number of times that ownership was taken or renewed.</param>
/// <param name="Problem">The reason of its last failure; null once events were handled after it.</param>
/// <param name="ProblemAt">The time of the failure; null without a problem.</param>
public sealed record LogReaderRow(string Name, long Sequence, string? Owner, long Renewals, string? Problem, Instant? ProblemAt);

/// <summary>
/// Reads and writes the table <c>log_readers</c>. Ownership keeps two nodes from doing the same work for long. The cursor is exact: only
/// its owner moves it, and only from the place that the statement names.
/// </summary>
public static class LogReaderTable
{
    private const string Columns = "SELECT name, sequence, owner, renewals, problem, problem_at FROM log_readers";

    /// <summary>Adds a reader, unless it exists.</summary>
    /// <param name="session">A session that writes.</param>
    /// <param name="name">The reader.</param>
    /// <param name="sequence">The event after which the reader begins.</param>
    public static void Add(Session session, string name, long sequence)
        => session.Execute("INSERT INTO log_readers (name, sequence) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, sequence);

    /// <summary>Finds a reader.</summary>
    /// <returns>The row; null for an unknown name.</returns>
    public static LogReaderRow? Find(Session session, string name) => session.First(Columns + " WHERE name = $1", Read, name);

    /// <summary>Lists all readers by name.</summary>
    public static List<LogReaderRow> All(Session session) => session.All(Columns + " ORDER BY name", Read);

    /// <summary>Makes a node the owner of a reader, unless a node has taken or renewed it since the row was read.</summary>
    public static bool TryOwn(Session session, LogReaderRow seen, string owner)
        => session.Execute(
            "UPDATE log_readers SET owner = $1, renewals = renewals + 1 WHERE name = $2 AND renewals = $3",
            owner, seen.Name, seen.Renewals) > 0;

    /// <summary>Moves the cursor, or keeps it, and renews the ownership. A move of the cursor clears an earlier problem.</summary>
    /// <returns>False when the node no longer owns the reader, or the cursor has moved: then nothing changes.</returns>
    public static bool TryAdvance(Session session, string name, string owner, long from, long to)
        => session.Execute(
            "UPDATE log_readers SET sequence = $1, renewals = renewals + 1, problem = CASE WHEN sequence < $1 THEN NULL ELSE problem END,"
            + " problem_at = CASE WHEN sequence < $1 THEN NULL ELSE problem_at END WHERE name = $2 AND owner = $3 AND sequence = $4",
            to, name, owner, from) > 0;

    /// <summary>Writes why the owner could not handle the events behind the cursor.</summary>
    public static void Fail(Session session, string name, string owner, string problem, Instant at)
        => session.Execute(
            "UPDATE log_readers SET problem = $1, problem_at = $2 WHERE name = $3 AND owner = $4",
            problem, at.UnixMilliseconds, name, owner);

    /// <summary>Ends the ownership, so that another node can take it at once.</summary>
    public static void Release(Session session, string name, string owner)
        => session.Execute("UPDATE log_readers SET owner = NULL, renewals = renewals + 1 WHERE name = $1 AND owner = $2", name, owner);

    private static LogReaderRow Read(DbDataReader row)
        => new(row.GetString(0), row.GetInt64(1), row.TextOrNull(2), row.GetInt64(3), row.TextOrNull(4), row.TimeOrNull(5));
}
