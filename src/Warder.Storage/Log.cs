using System.Data.Common;
using Warder.Core.Verification;
using Warder.Storage.Journal;

namespace Warder.Storage;

/// <summary>What of the log was not known yet, from one snapshot.</summary>
/// <param name="Head">Where the log ended then.</param>
/// <param name="Effects">What each event does to memory, in the log's order; not all of them up to the head when there were more than asked for.</param>
public sealed record LogTail(LogPosition Head, IReadOnlyList<(long Sequence, IReadOnlyList<Effect> Effects)> Effects);

/// <summary>The log, for those who read it to know what has changed.</summary>
public static class Log
{
    /// <summary>Where it ends.</summary>
    public static LogPosition Head(Session session) => EventLog.Head(session);

    /// <summary>What comes after a number, at most so many events. One statement, so that head and events are of one snapshot.</summary>
    public static LogTail Tail(Session session, long after, int limit)
    {
        LogPosition? head = null;
        var effects = new List<(long, IReadOnlyList<Effect>)>();
        using var rows = session.Query(
            "SELECT h.seq, h.hash, e.seq, e.effects FROM log_head h LEFT JOIN events e ON e.seq > $1 WHERE h.id = 1 ORDER BY e.seq LIMIT $2", after, limit);
        while (rows.Read())
        {
            head ??= new LogPosition(rows.GetInt64(0), rows.Bytes(1));
            if (!rows.IsDBNull(2))
                effects.Add((rows.GetInt64(2), Effect.Read(rows.GetString(3))));
        }

        return new LogTail(head!, effects);
    }
}
