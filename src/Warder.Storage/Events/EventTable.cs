using System.Data.Common;
using System.Text;
using Warder.Core.Events;
using Warder.Core.Time;

namespace Warder.Storage.Events;

/// <summary>An event as it is stored.</summary>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="Id"><c>event_…</c></param>
/// <param name="Bytes">The event's JSON in UTF-8, with a digest in the place of each personal value.</param>
/// <param name="PersonalValues">The personal values that were not erased, by their digests.</param>
public sealed record StoredEvent(long Sequence, string Id, byte[] Bytes, IReadOnlyDictionary<string, string> PersonalValues);

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

    /// <summary>A page by the log's own sequence, and whether there is more.</summary>
    public static (List<StoredEvent> Events, bool More) List(
        Session session, int environment, EventFilter filter, long? after, bool ascending, int limit)
    {
        var sql = new StringBuilder("SELECT seq, id, bytes FROM events WHERE environment = $1");
        List<object?> arguments = [environment];
        void And(string condition, object value)
        {
            arguments.Add(value);
            sql.Append(" AND ").Append(condition).Append('$').Append(arguments.Count);
        }

        if (after is { } cursor)
            And(ascending ? "seq > " : "seq < ", cursor);
        if (filter.OrganizationId is { } organizationId)
            And("organization_id = ", organizationId);
        if (filter.From is { } from)
            And("created_at >= ", from.UnixMilliseconds);
        if (filter.Until is { } until)
            And("created_at < ", until.UnixMilliseconds);
        if (filter.Types.Count > 0)
        {
            sql.Append(" AND type IN (");
            for (var i = 0; i < filter.Types.Count; i++)
            {
                arguments.Add(filter.Types[i]);
                sql.Append(i == 0 ? "$" : ", $").Append(arguments.Count);
            }

            sql.Append(')');
        }

        sql.Append(ascending ? " ORDER BY seq ASC" : " ORDER BY seq DESC").Append(" LIMIT $").Append(arguments.Count + 1);
        arguments.Add(limit + 1);
        var rows = session.AllOnce(sql.ToString(), static row => (Sequence: row.GetInt64(0), Id: row.GetString(1), Bytes: row.Bytes(2)), [.. arguments]);
        var more = rows.Count > limit;
        return ([.. rows.Take(limit).Select(row => new StoredEvent(row.Sequence, row.Id, row.Bytes, PersonalValues(session, row.Sequence, row.Bytes)))], more);
    }

    /// <summary>Erases every personal value about a user. The events' bytes, and with them the chain, stay as they are.</summary>
    public static int Erase(Session session, string subjectId)
        => session.Execute("DELETE FROM event_personal_values WHERE subject_id = $1", subjectId);

    // Only where the bytes hold a place for one.
    private static Dictionary<string, string> PersonalValues(Session session, long sequence, byte[] bytes)
        => bytes.AsSpan().IndexOf(PersonalValue.Marker) < 0
            ? []
            : session.All(
                    "SELECT digest, value FROM event_personal_values WHERE seq = $1", static row => (Digest: row.GetString(0), Value: row.GetString(1)), sequence)
                .ToDictionary(static row => row.Digest, static row => row.Value, StringComparer.Ordinal);
}
