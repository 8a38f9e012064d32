using System.Buffers;
using System.Data.Common;
using System.Text;
using System.Text.Json;
using Warder.Core.Events;
using Warder.Core.Time;

namespace Warder.Storage.Events;

/// <summary>An event as it is read: its bytes with the personal values that were not erased in their places.</summary>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="Id"><c>event_…</c></param>
/// <param name="Json">The event's JSON in UTF-8.</param>
public sealed record StoredEvent(long Sequence, string Id, byte[] Json);

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
    private static readonly SearchValues<byte> LowerHex = SearchValues.Create("0123456789abcdef"u8);

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
        return ([.. rows.Take(limit).Select(row => new StoredEvent(row.Sequence, row.Id, Reveal(session, row.Sequence, row.Bytes)))], more);
    }

    /// <summary>Erases every personal value about a user. The events' bytes, and with them the chain, stay as they are.</summary>
    public static int Erase(Session session, string subjectId)
        => session.Execute("DELETE FROM event_personal_values WHERE subject_id = $1", subjectId);

    // The marker cannot occur inside a JSON string, where its quotes would be escaped, and no caller can name a member so. What merely looks like it
    // is passed on as it is: one event must never spoil the reading of all.
    private static byte[] Reveal(Session session, long sequence, byte[] bytes)
    {
        var marker = Encoding.ASCII.GetBytes($"{{\"{PersonalValue.Member}\":\"");
        if (bytes.AsSpan().IndexOf(marker) < 0)
            return bytes;
        var values = session.All(
                "SELECT digest, value FROM event_personal_values WHERE seq = $1", static row => (row.GetString(0), row.GetString(1)), sequence)
            .ToDictionary(static row => row.Item1, static row => row.Item2, StringComparer.Ordinal);
        var revealed = new MemoryStream(bytes.Length + 64);
        var rest = bytes.AsSpan();
        for (var at = rest.IndexOf(marker); at >= 0; at = rest.IndexOf(marker))
        {
            revealed.Write(rest[..at]);
            rest = rest[at..];
            var end = marker.Length + (LogChain.HashBytes * 2);
            if (rest.Length < end || !rest[end..].StartsWith("\"}"u8) || rest[marker.Length..end].ContainsAnyExcept(LowerHex))
            {
                revealed.Write(marker);
                rest = rest[marker.Length..];
                continue;
            }

            revealed.Write(values.TryGetValue(Encoding.ASCII.GetString(rest[marker.Length..end]), out var value) ? Quote(value) : "null"u8);
            rest = rest[(end + 2)..];
        }

        revealed.Write(rest);
        return revealed.ToArray();
    }

    private static byte[] Quote(string value)
        => [(byte)'"', .. JsonEncodedText.Encode(value, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];
}
