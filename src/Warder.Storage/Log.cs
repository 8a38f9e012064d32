using System.Data.Common;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Storage.Journal;

namespace Warder.Storage;

/// <summary>What one event does to those who answer from memory.</summary>
/// <param name="Sequence">The event's number.</param>
/// <param name="Environment">The number of the environment that it happened in.</param>
/// <param name="CacheDeltas">What must be forgotten or flipped.</param>
public readonly record struct LogEvent(long Sequence, int Environment, IReadOnlyList<CacheDelta> CacheDeltas)
{
    /// <summary>Whether who may manage, and which environments there are, must be read again.</summary>
    public bool ConcernsManagement => CacheDeltas.Any(static effect => effect.ConcernsManagement);
}

/// <summary>What of the log was not known yet, from one snapshot.</summary>
/// <param name="Head">Where the log ended then.</param>
/// <param name="Events">In the log's order; not all of them up to the head when there were more than asked for.</param>
public sealed record LogTail(LogPosition Head, IReadOnlyList<LogEvent> Events);

/// <summary>The log, for those who read it to know what has changed.</summary>
public static class Log
{
    /// <summary>Where it ends.</summary>
    public static LogPosition Head(Session session) => EventLog.Head(session);

    /// <summary>What comes after a number, at most so many events. One statement, so that head and events are of one snapshot.</summary>
    public static LogTail Tail(Session session, long after, int limit)
    {
        LogPosition? head = null;
        var events = new List<LogEvent>();
        using var rows = session.Query(
            "SELECT h.seq, h.hash, e.seq, e.environment, e.effects FROM log_head h LEFT JOIN events e ON e.seq > $1 WHERE h.id = 1 ORDER BY e.seq LIMIT $2", after, limit);
        while (rows.Read())
        {
            head ??= new LogPosition(rows.GetInt64(0), rows.Bytes(1));
            if (!rows.IsDBNull(2))
                events.Add(new LogEvent(rows.GetInt64(2), rows.GetInt32(3), CacheDeltaText.Read(rows.GetString(4))));
        }

        return new LogTail(head!, events);
    }

    /// <summary>The hash of the chain after an event; null when no batch ends there.</summary>
    public static byte[]? HashAt(Session session, long sequence)
        => session.First(
            "SELECT first_seq + count - 1, hash FROM event_batches WHERE first_seq <= $1 ORDER BY first_seq DESC LIMIT 1",
            row => row.GetInt64(0) == sequence ? row.Bytes(1) : null, sequence);
}
