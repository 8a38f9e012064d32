using Warder.Core.Events;
using Warder.Core.Time;
using Warder.Storage.Lists;

namespace Warder.Storage.Events;

/// <summary>An event as it is stored.</summary>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="Id"><c>event_…</c></param>
/// <param name="Bytes">The event's JSON in UTF-8, with a digest in the place of each personal value.</param>
/// <param name="PersonalValues">The personal values that were not erased, by their digests.</param>
public sealed record StoredEvent(long Sequence, string Id, byte[] Bytes, IReadOnlyDictionary<string, string> PersonalValues);

/// <summary>An event as a reader of the log gets it: of every environment, in the log's order.</summary>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="Environment">The number of its environment.</param>
/// <param name="Id"><c>event_…</c></param>
/// <param name="Type">Its type.</param>
/// <param name="CreatedAt">When the change was made.</param>
/// <param name="Bytes">The event's JSON in UTF-8, with a digest in the place of each personal value.</param>
public sealed record LoggedEvent(long Sequence, int Environment, string Id, string Type, Instant CreatedAt, byte[] Bytes);

/// <summary>Which events a list shows.</summary>
public sealed record EventFilter
{
    /// <summary>Only these types; empty: all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Only those about this organization.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Not before.</summary>
    public Instant? From { get; init; }

    /// <summary>Before.</summary>
    public Instant? Until { get; init; }
}

/// <summary>Reading the table <c>events</c>.</summary>
public static class EventTable
{
    /// <summary>The place of an event; null when the environment has no such event.</summary>
    public static long? SequenceOf(Session session, int environment, string id)
    {
        var sequence = session.Number("SELECT seq FROM events WHERE id = $1 AND environment = $2", id, environment);
        return sequence == 0 ? null : sequence;
    }

    /// <summary>A page by the log's own sequence, and the id of the event to go on from; null when there is no more.</summary>
    /// <param name="session">Any.</param>
    /// <param name="environment">The environment's number.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="after">The sequence that the page begins behind; null: from the end that the order begins at.</param>
    /// <param name="ascending">Oldest first.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="examined">How many rows the page may examine; when it finds too little in them it ends short.</param>
    public static (List<StoredEvent> Events, string? Next) List(
        Session session, int environment, EventFilter filter, long? after, bool ascending,
        int limit, int examined = PageRequest.MostExamined)
    {
        var query = new ListQuery("SELECT seq, id, bytes FROM events", "events", "seq", "environment = ?", environment)
            .WhereIf(filter.OrganizationId, "organization_id = ?")
            .WhereIf(filter.From?.UnixMilliseconds, "created_at >= ?")
            .WhereIf(filter.Until?.UnixMilliseconds, "created_at < ?");
        if (filter.Types.Count > 0)
            query.Where($"type IN ({string.Join(", ", filter.Types.Select(static _ => "?"))})", [.. filter.Types]);
        var (rows, stoppedAt) = query.Scan(
            session, (after, ascending, limit, examined),
            static row => (Sequence: row.GetInt64(0), Id: row.GetString(1), Bytes: row.Bytes(2)),
            static rows => rows, static row => (object)row.Sequence, null);
        var events = rows.Take(limit)
            .Select(row => new StoredEvent(row.Sequence, row.Id, row.Bytes, PersonalValues(session, row.Sequence, row.Bytes)))
            .ToList();
        var next = rows.Count > limit ? events[^1].Id
            : stoppedAt is null ? null
            : session.First("SELECT id FROM events WHERE seq = $1", static row => row.GetString(0), stoppedAt);
        return (events, next);
    }

    /// <summary>Reads the events that follow a place in the log, in its order and without a gap.</summary>
    /// <param name="session">Any.</param>
    /// <param name="after">The sequence that they follow.</param>
    /// <param name="limit">How many, at most.</param>
    /// <param name="mostBytes">How many bytes they have together, at most; the first event may be larger.</param>
    public static List<LoggedEvent> After(Session session, long after, int limit, int mostBytes)
    {
        var events = new List<LoggedEvent>();
        var bytes = 0L;
        using var rows = session.Query(
            "SELECT seq, environment, id, type, created_at, bytes FROM events WHERE seq > $1 ORDER BY seq LIMIT $2", after, limit);
        while (rows.Read())
        {
            var each = new LoggedEvent(
                rows.GetInt64(0), rows.GetInt32(1), rows.GetString(2), rows.GetString(3), rows.Time(4), rows.Bytes(5));
            bytes += each.Bytes.Length;
            if (events.Count > 0 && bytes > mostBytes)
                break;
            events.Add(each);
        }

        return events;
    }

    /// <summary>
    /// Erases every personal value about a user of an environment. The events' bytes, and with them the chain, stay as they are.
    /// </summary>
    public static int Erase(Session session, int environment, string subjectId)
        => session.Execute(
            "DELETE FROM event_personal_values WHERE subject_id = $1"
            + " AND EXISTS (SELECT 1 FROM events e WHERE e.seq = event_personal_values.seq AND e.environment = $2)",
            subjectId, environment);

    // Only where the bytes hold a place for one.
    private static Dictionary<string, string> PersonalValues(Session session, long sequence, byte[] bytes)
        => bytes.AsSpan().IndexOf(PersonalValue.Marker) < 0
            ? []
            : session.All(
                    "SELECT digest, value FROM event_personal_values WHERE seq = $1",
                    static row => (Digest: row.GetString(0), Value: row.GetString(1)), sequence)
                .ToDictionary(static row => row.Digest, static row => row.Value, StringComparer.Ordinal);
}
