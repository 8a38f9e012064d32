using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Management;
using Warder.Storage.Receipts;

namespace Warder.Storage.Secrets;

/// <summary>Writes the MACs of all rows: once for a database from before rows had MACs, and for each new root key.</summary>
public static class RowMacRewrite
{
    private const int PageRows = 1_000;

    private static readonly MacTable[] Tables =
        [SigningKeyTable.Rows, ManagementKeyTable.Keys, ManagementKeyTable.Secrets, EnvironmentTable.SchemeRows, ReceiptTable.Rows];

    /// <summary>
    /// Gives every row a MAC, in one transaction with the value that records it. Other nodes that start wait, and find it done.
    /// </summary>
    /// <param name="session">A patient session, outside a transaction.</param>
    /// <param name="root">The root key.</param>
    /// <param name="name">The name of the sealed value that records the rewrite.</param>
    /// <param name="isDone">Whether such a value records a finished rewrite.</param>
    /// <param name="done">The value that records a finished rewrite.</param>
    /// <param name="now">The time, for the first head of the log under a MAC. The store has the root key already.</param>
    public static void Begin(Session session, RootKey root, string name, Func<byte[], bool> isDone, byte[] done, Instant now)
    {
        session.Execute(session.Dialect.Begin);
        try
        {
            if (session.Dialect.LockSchema is { } wait)
                session.Number(wait);
            if (SealedValueTable.Find(session, name) is { } recorded && !isDone(recorded))
            {
                var authenticator = new RowAuthenticator(root);
                foreach (var table in Tables)
                    Rewrite(session, table, (values, _) => authenticator.Compute(table.Name, values));
                session.Execute("DELETE FROM log_head_macs");
                HeadMacs.Keep(session, now);
                SealedValueTable.Put(session, name, done);
            }

            session.Execute("COMMIT");
        }
        catch
        {
            session.Execute("ROLLBACK");
            throw;
        }
    }

    /// <summary>
    /// Replaces the MACs in an open transaction. A row that does not verify under the old key keeps a MAC that verifies under neither.
    /// </summary>
    internal static void Replace(Session session, RowAuthenticator old, RowAuthenticator fresh)
    {
        foreach (var table in (MacTable[])[.. Tables, HeadMacs.Rows])
            Rewrite(session, table, (values, mac) => old.Verify(mac, table.Name, values) ? fresh.Compute(table.Name, values) : mac);
    }

    private static void Rewrite(Session session, MacTable table, Func<object?[], byte[]?, byte[]?> replace)
    {
        var columns = string.Join(", ", table.Columns);
        var key = string.Join(", ", table.Key);
        var after = string.Join(", ", table.Key.Select(static (_, i) => $"${i + 1}"));
        var page = $"SELECT {columns}, mac FROM {table.Name}";
        var end = $" ORDER BY {key} LIMIT {PageRows}";
        var update = $"UPDATE {table.Name} SET mac = $1 WHERE "
            + string.Join(" AND ", table.Key.Select(static (column, i) => $"{column} = ${i + 2}"));
        var places = table.Key.Select(column => table.Columns.Index().First(other => other.Item == column).Index).ToArray();
        object?[]? last = null;
        while (true)
        {
            var rows = session.All(
                page + (last is null ? "" : $" WHERE ({key}) > ({after})") + end,
                row => MacTable.Values(row, 0, table.Columns.Count + 1), last ?? []);
            foreach (var row in rows)
            {
                last = [.. places.Select(place => row[place])];
                session.Write(update, [replace(row[..^1], row[^1] as byte[]), .. last]);
            }

            if (rows.Count < PageRows)
                return;
        }
    }
}
