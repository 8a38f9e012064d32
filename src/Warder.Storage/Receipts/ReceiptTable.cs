using System.Data.Common;
using Warder.Storage.Lists;

namespace Warder.Storage.Receipts;

/// <summary>A receipt, and what it is found by.</summary>
/// <param name="Environment">The environment's number.</param>
/// <param name="Id"><c>rcpt_…</c></param>
/// <param name="EventId">The event whose change it is about.</param>
/// <param name="SubjectId">What that changed.</param>
/// <param name="Jws">The receipt, signed.</param>
public sealed record ReceiptRow(int Environment, string Id, string EventId, string SubjectId, string Jws);

/// <summary>The table <c>receipts</c>.</summary>
public static class ReceiptTable
{
    private const string Insert = "INSERT INTO receipts (environment, id, event_id, subject_id, jws) VALUES ($1, $2, $3, $4, $5)";
    private const string Select = "SELECT environment, id, event_id, subject_id, jws FROM receipts";

    /// <summary>Writes some that go together. False when they are there already: then they stay as they are.</summary>
    public static bool TryInsert(Session session, IReadOnlyList<ReceiptRow> rows)
    {
        // Where the same is being written by a commit that nobody waits for any more, this waits for it.
        if (session.Execute(Insert + " ON CONFLICT (environment, id) DO NOTHING", Arguments(rows[0])) == 0)
            return false;
        foreach (var row in rows.Skip(1))
            session.Write(Insert, Arguments(row));
        return true;
    }

    /// <summary>The receipt of that id; null when there is none.</summary>
    public static ReceiptRow? Find(Session session, int environment, string id)
        => session.First(Select + " WHERE environment = $1 AND id = $2", Map, environment, id);

    /// <summary>A page of an environment's receipts: all, or those about one event or one subject.</summary>
    public static Page<ReceiptRow> List(Session session, int environment, string? eventId, string? subjectId, PageRequest page)
        => new ListQuery(Select, "id").Where("environment = ?", environment).WhereIf(eventId, "event_id = ?").WhereIf(subjectId, "subject_id = ?")
            .Page(session, page, Map, static row => row.Id);

    private static object?[] Arguments(ReceiptRow row) => [row.Environment, row.Id, row.EventId, row.SubjectId, row.Jws];

    private static ReceiptRow Map(DbDataReader row) => new(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4));
}
