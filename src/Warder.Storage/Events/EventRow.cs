namespace Warder.Storage.Events;

/// <summary>A row of <c>events</c>, as the verification reads it.</summary>
internal sealed record EventRow(
    long Sequence, int Environment, string Id, string Type, string? OrganizationId,
    long CreatedAtMilliseconds, string CacheDeltas, byte[] Bytes)
{
    /// <summary>Reads the rows of a batch, in order. A row gets no bytes when its bytes have another type.</summary>
    public static List<EventRow> Read(Session session, long first, long count)
        => session.All(
            "SELECT seq, environment, id, type, organization_id, created_at, effects, bytes FROM events"
            + " WHERE seq >= $1 AND seq < $2 ORDER BY seq",
            static row => new EventRow(
                row.GetInt64(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.GetInt64(5), row.GetString(6),
                row.GetValue(7) as byte[] ?? []),
            first, first + count);
}
