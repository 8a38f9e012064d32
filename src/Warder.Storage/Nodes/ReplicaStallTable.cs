using System.Globalization;
using Warder.Core.Time;

namespace Warder.Storage.Nodes;

/// <summary>A management key with replicas that are refused leases.</summary>
/// <param name="ManagementKeyId">The key.</param>
/// <param name="Environment">The number of its environment.</param>
/// <param name="BarredUntil">The end of the bar.</param>
/// <param name="BackOffMilliseconds">The length of the bar.</param>
public sealed record ReplicaBarRow(string ManagementKeyId, int Environment, Instant BarredUntil, long BackOffMilliseconds);

/// <summary>One node's measurements of the replicas of a management key.</summary>
/// <param name="ManagementKeyId">The key.</param>
/// <param name="Intervals">The intervals in which changes waited for the replicas.</param>
public sealed record ReplicaStallRow(string ManagementKeyId, IReadOnlyList<(Instant From, Instant To)> Intervals);

/// <summary>The time that changes wait for replicas: measured by each node, added up by all. No decision on a key depends on it.</summary>
public static class ReplicaStallTable
{
    // As long as a bar counts for the next one.
    private const long KeepBarsMilliseconds = 3_600_000;

    /// <summary>Writes a node's measurements, and deletes the ones that are older than the window.</summary>
    public static void Write(Session session, string nodeId, IReadOnlyList<ReplicaStallRow> rows, Instant now, long windowMilliseconds)
    {
        session.Execute("DELETE FROM replica_stalls WHERE updated_at < $1", now.UnixMilliseconds - windowMilliseconds);
        foreach (var row in rows)
        {
            session.Execute(
                "INSERT INTO replica_stalls (management_key_id, node_id, intervals, updated_at) VALUES ($1, $2, $3, $4)"
                + " ON CONFLICT (management_key_id, node_id)"
                + " DO UPDATE SET intervals = excluded.intervals, updated_at = excluded.updated_at",
                row.ManagementKeyId, nodeId,
                string.Join(' ', row.Intervals.Select(static each => $"{Number(each.From)}-{Number(each.To)}")),
                now.UnixMilliseconds);
        }
    }

    /// <summary>Reads the measurements of other nodes since a time, the newest rows first.</summary>
    public static List<ReplicaStallRow> Others(Session session, string nodeId, Instant since, int limit)
        => session.All(
            "SELECT management_key_id, intervals FROM replica_stalls WHERE node_id <> $1 AND updated_at >= $2"
            + " ORDER BY updated_at DESC, management_key_id LIMIT $3",
            static row => new ReplicaStallRow(row.GetString(0), Read(row.GetString(1))), nodeId, since.UnixMilliseconds, limit);

    /// <summary>Bars a key, unless it is barred.</summary>
    /// <returns>False when another node has barred the key.</returns>
    public static bool TryBar(Session session, ReplicaBarRow bar, Instant now)
    {
        session.Execute("DELETE FROM replica_bars WHERE barred_until < $1", now.UnixMilliseconds - KeepBarsMilliseconds);
        return session.Execute(
            "INSERT INTO replica_bars (management_key_id, environment, barred_until, back_off_milliseconds) VALUES ($1, $2, $3, $4)"
            + " ON CONFLICT (management_key_id)"
            + " DO UPDATE SET barred_until = excluded.barred_until, back_off_milliseconds = excluded.back_off_milliseconds"
            + " WHERE replica_bars.barred_until <= $5",
            bar.ManagementKeyId, bar.Environment, bar.BarredUntil.UnixMilliseconds, bar.BackOffMilliseconds, now.UnixMilliseconds) > 0;
    }

    /// <summary>The bars that are in force, or count for the next one.</summary>
    public static List<ReplicaBarRow> Bars(Session session, int limit)
        => session.All(
            "SELECT management_key_id, environment, barred_until, back_off_milliseconds FROM replica_bars"
            + " ORDER BY barred_until DESC, management_key_id LIMIT $1",
            static row => new ReplicaBarRow(row.GetString(0), row.GetInt32(1), row.Time(2), row.GetInt64(3)), limit);

    private static string Number(Instant instant) => instant.UnixMilliseconds.ToString(CultureInfo.InvariantCulture);

    private static List<(Instant From, Instant To)> Read(string text)
    {
        var intervals = new List<(Instant From, Instant To)>();
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('-') is [var from, var to]
                && long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && long.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            {
                intervals.Add((new Instant(first), new Instant(last)));
            }
        }

        return intervals;
    }
}
