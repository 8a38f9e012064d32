using System.Data.Common;
using Warder.Storage.Lists;
using Warder.Storage.Secrets;

namespace Warder.Storage.Receipts;

/// <summary>A receipt, and what it is found by.</summary>
/// <param name="Environment">The environment's number.</param>
/// <param name="Id"><c>rcpt_…</c></param>
/// <param name="EventId">The event of the receipt's change.</param>
/// <param name="SubjectId">What that changed.</param>
/// <param name="Jws">The receipt, signed.</param>
public sealed record ReceiptRow(int Environment, string Id, string EventId, string SubjectId, string Jws)
{
    /// <summary>The lines that it commits to, before they are stored; null when it shows all of them, and when it was read.</summary>
    public StoredLines? Lines { get; init; }
}

/// <summary>The table <c>receipts</c>.</summary>
public static class ReceiptTable
{
    private const string Columns = "environment, id, event_id, subject_id, jws";
    private const string Insert = $"INSERT INTO receipts ({Columns}, mac) VALUES ($1, $2, $3, $4, $5, $6)";
    private const string Select = $"SELECT {Columns}, mac FROM receipts";

    internal static MacTable Rows { get; } = new("receipts", Columns, "environment, id", "id");

    /// <summary>
    /// Computes the MACs of receipts that are written together, so that the writer's thread need not. The function that is returned writes
    /// them; it is false when they are there already, and then they stay as they are.
    /// </summary>
    public static Func<Session, bool> Prepare(RowMacs macs, IReadOnlyList<ReceiptRow> rows)
    {
        IReadOnlyList<ReceiptRow> together = [.. rows];
        List<object?[]> arguments = [.. together.Select(row => Arguments(macs, row))];
        return session =>
        {
            // Waits for an abandoned commit that writes the same receipt.
            if (session.Execute(Insert + " ON CONFLICT (environment, id) DO NOTHING", arguments[0]) == 0)
                return false;
            for (var i = 1; i < arguments.Count; i++)
                session.Write(Insert, arguments[i]);
            ReceiptLinesTable.Write(session, together);
            return true;
        };
    }

    /// <summary>Whether there is a receipt of that id, be it one that does not verify.</summary>
    public static bool Exists(Session session, int environment, string id)
        => session.Number("SELECT COUNT(*) FROM receipts WHERE environment = $1 AND id = $2", environment, id) > 0;

    /// <summary>The receipt of that id; null when there is none, or none that verifies.</summary>
    public static ReceiptRow? Find(Session session, int environment, string id)
        => session.First(Select + " WHERE environment = $1 AND id = $2", row => Map(session, row), environment, id);

    /// <summary>
    /// A page of an environment's receipts: all, or those about one event or one subject. A receipt that does not verify is left out.
    /// </summary>
    public static Page<ReceiptRow> List(Session session, int environment, string? eventId, string? subjectId, PageRequest page)
    {
        // An event has few receipts, and none but its own are examined.
        var query = eventId is not null ? new ListQuery(Select, "receipts", "id", "environment = ? AND event_id = ?", environment, eventId)
            : subjectId is not null ? new ListQuery(Select, "receipts", "id", "environment = ? AND subject_id = ?", environment, subjectId)
            : new ListQuery(Select, "receipts", "id", "environment = ?", environment);
        return query.WhereIf(eventId is null ? null : subjectId, "subject_id = ?")
            .Page(
                session, page, row => (Id: row.GetString(1), Row: Map(session, row)), static rows => rows,
                static item => item.Id, static item => item.Row is not null, keepsMost: true)
            .Select(static item => item.Row!);
    }

    private static object?[] Arguments(RowMacs macs, ReceiptRow row)
    {
        object?[] values = [row.Environment, row.Id, row.EventId, row.SubjectId, row.Jws];
        return [.. values, macs.Compute(Rows.Name, values)];
    }

    private static ReceiptRow? Map(Session session, DbDataReader row)
        => Rows.Accepts(session, row) ? new(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)) : null;
}
