using Warder.Core.Time;
using Warder.Storage.Secrets;

namespace Warder.Storage.Journal;

/// <summary>The table <c>log_head_macs</c>: the log's head at some moments, each under a MAC of the root key.</summary>
/// <remarks>
/// The chain has no key: a writer of the database can compute it anew over another history. A head under a MAC is what such a history does
/// not lead to. Heads are kept in two rings, the last ones and the last of each hour, so that the table is bounded.
/// </remarks>
public static class HeadMacs
{
    private const int RecentSlots = 1_024;
    private const int HourSlots = 365 * 24;
    private const long HourMilliseconds = 3_600_000;

    internal static MacTable Rows { get; } = new("log_head_macs", "slot, seq, hash, created_at", "slot", "seq");

    private static readonly string Select = $"SELECT {Rows.Of("m")} FROM log_head_macs m";

    /// <summary>
    /// Writes the head of now, unless it is there. False when the log is not the one that the last of them was the head of.
    /// </summary>
    /// <param name="session">One that writes, in a transaction.</param>
    /// <param name="now">The time.</param>
    public static bool Keep(Session session, Instant now)
    {
        if (!session.Macs.IsOn)
            return true;
        var head = EventLog.Head(session);
        if (Read(session, " ORDER BY m.seq DESC LIMIT 1", out var verified) is [var (last, _)])
        {
            if (last.Is(head))
                return true;
            if (last.Sequence >= head.Sequence
                || (last.Sequence > 0 && Log.HashAt(session, last.Sequence)?.AsSpan().SequenceEqual(last.Hash) is not true))
            {
                session.Macs.Refuse("log_head", head.Sequence);
                return false;
            }
        }

        if (!verified)
            return false;

        Put(session, Recent(head), head, now);
        Put(session, RecentSlots + (int)(now.UnixMilliseconds / HourMilliseconds % HourSlots), head, now);
        return true;
    }

    /// <summary>Writes a head that an ending has made, in the transaction of that or of a later one.</summary>
    internal static void KeepEnding(Session session, LogPosition head, Instant at)
    {
        if (session.Macs.IsOn)
            Put(session, Recent(head), head, at);
    }

    /// <summary>All of them that verify, in the log's order.</summary>
    /// <param name="session">Any.</param>
    /// <param name="verified">Whether all do.</param>
    internal static List<(LogPosition Position, Instant At)> All(Session session, out bool verified)
        => Read(session, " ORDER BY m.seq", out verified);

    private static List<(LogPosition Position, Instant At)> Read(Session session, string which, out bool verified)
    {
        var rows = session.All<(LogPosition Position, Instant At)?>(
            Select + which, row => Rows.Accepts(session, row) ? (new LogPosition(row.GetInt64(1), row.Bytes(2)), row.Time(3)) : null);
        verified = rows.TrueForAll(static row => row is not null);
        return [.. rows.Where(static row => row is not null).Select(static row => row!.Value)];
    }

    private static int Recent(LogPosition head) => (int)(head.Sequence % RecentSlots);

    private static void Put(Session session, int slot, LogPosition head, Instant at)
        => session.Write(
            "INSERT INTO log_head_macs (slot, seq, hash, created_at, mac) VALUES ($1, $2, $3, $4, $5)"
            + " ON CONFLICT (slot) DO UPDATE SET seq = $2, hash = $3, created_at = $4, mac = $5 WHERE log_head_macs.seq < $2",
            slot, head.Sequence, head.Hash, at.UnixMilliseconds, Rows.Mac(session, slot, head.Sequence, head.Hash, at.UnixMilliseconds));
}
