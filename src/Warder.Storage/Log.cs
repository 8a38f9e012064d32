using System.Data.Common;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Storage.Journal;

namespace Warder.Storage;

/// <summary>The changes that one event makes to the memory of verifiers.</summary>
/// <param name="Sequence">The event's number.</param>
/// <param name="Environment">The number of the event's environment.</param>
/// <param name="CacheDeltas">The cache deltas.</param>
public readonly record struct LogEvent(long Sequence, int Environment, IReadOnlyList<CacheDelta> CacheDeltas)
{
    /// <summary>Whether management keys and environments must be read again.</summary>
    public bool ConcernsManagement => CacheDeltas.Any(static effect => effect.ConcernsManagement);
}

/// <summary>The part of the log after a number, from one snapshot.</summary>
/// <param name="Head">The head of the log in the snapshot.</param>
/// <param name="Events">The events in the log's order. They end before the head when the limit was reached.</param>
public sealed record LogTail(LogPosition Head, IReadOnlyList<LogEvent> Events);

/// <summary>Reads the log for components that follow changes.</summary>
public static class Log
{
    /// <summary>Reads the head of the log.</summary>
    public static LogPosition Head(Session session) => EventLog.Head(session);

    /// <summary>Reads the events after a number, up to a limit. One statement, so that head and events are of one snapshot.</summary>
    public static LogTail Tail(Session session, long after, int limit)
    {
        LogPosition? head = null;
        var events = new List<LogEvent>();
        using var rows = session.Query(
            "SELECT h.seq, h.hash, e.seq, e.environment, e.effects FROM log_head h LEFT JOIN events e ON e.seq > $1"
            + " WHERE h.id = 1 ORDER BY e.seq LIMIT $2",
            after, limit);
        while (rows.Read())
        {
            head ??= new LogPosition(rows.GetInt64(0), rows.Bytes(1));
            if (!rows.IsDBNull(2))
                events.Add(new LogEvent(rows.GetInt64(2), rows.GetInt32(3), CacheDeltaText.Read(rows.GetString(4))));
        }

        return new LogTail(head!, events);
    }

    /// <summary>Reads the hash of the first batch, which identifies the database; null when the log is empty.</summary>
    public static byte[]? Instance(Session session)
        => session.First("SELECT hash FROM event_batches ORDER BY first_seq LIMIT 1", static row => row.Bytes(0));

    /// <summary>Reads the time of the last event; null when the log is empty.</summary>
    public static Instant? LastTime(Session session)
        => session.All("SELECT created_at FROM events ORDER BY seq DESC LIMIT 1", static row => row.Time(0)) is [var last] ? last : null;

    /// <summary>Reads the hash of the chain after an event; null when no batch ends there.</summary>
    public static byte[]? HashAt(Session session, long sequence)
        => session.First(
            "SELECT first_seq + count - 1, hash FROM event_batches WHERE first_seq <= $1 ORDER BY first_seq DESC LIMIT 1",
            row => row.GetInt64(0) == sequence ? row.Bytes(1) : null, sequence);
}
