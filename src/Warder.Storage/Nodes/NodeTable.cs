using System.Data.Common;
using Warder.Core.Time;

namespace Warder.Storage.Nodes;

/// <summary>
/// The nodes over one PostgreSQL database: registrations, leases, acknowledgements, fences. An embedded database has one node, and rows
/// only for the leases of replicas.
/// </summary>
public static class NodeTable
{
    private const string Now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    private const long KeepFencedMilliseconds = 86_400_000;
    private const long MissMilliseconds = 60_000;

    /// <summary>
    /// Registers an epoch, and removes the one before, whose lease is over. The head row is locked, so that every change either sees the
    /// epoch in its set or is before it. Durable when it returns.
    /// </summary>
    public static void Register(Session session, NodeRegistration node, long? before)
    {
        session.Execute(session.Dialect.Begin);
        var head = session.Number("SELECT seq FROM log_head WHERE id = 1 FOR UPDATE");
        session.Execute("DELETE FROM nodes WHERE epoch = $1 OR fenced_at < " + Now + " - $2", before, KeepFencedMilliseconds);
        session.Execute(
            "INSERT INTO nodes (epoch, id, name, version, lease_milliseconds,"
            + " registered_at, renewed, renewed_at, acked, applied, barred, level)"
            + " VALUES ($1, $2, $3, $4, $5, " + Now + ", $6, " + Now + ", $6, $6, 0, $7)",
            node.Epoch, node.Id, node.Name, node.Version, node.LeaseMilliseconds, head, node.Level);
        session.Execute("COMMIT");
    }

    /// <summary>
    /// Renews a lease by one durable statement. The recorded head never falls: a renewal that its node gave up on may take effect after a
    /// later one. A renewal acknowledges nothing: only <see cref="Acknowledge"/> writes the pair of own memory and replicas.
    /// </summary>
    /// <param name="session">A session with durable commits.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="applied">The number that the node has applied.</param>
    /// <returns>The renewal; null for a fenced or barred row.</returns>
    public static Renewal? Renew(Session session, long epoch, long applied)
        => session.First(
            "UPDATE nodes SET renewed = greatest(renewed, h.seq), renewed_at = " + Now + " FROM log_head h"
            + " WHERE h.id = 1 AND nodes.epoch = $1 AND nodes.fenced_at IS NULL AND nodes.barred = 0"
            + " RETURNING h.seq, h.hash, (SELECT CASE WHEN b.first_seq + b.count - 1 = $2 THEN b.hash END FROM event_batches b"
            + " WHERE b.first_seq <= $2 ORDER BY b.first_seq DESC LIMIT 1)",
            static row => new Renewal(new LogPosition(row.GetInt64(0), row.Bytes(1)), row.IsDBNull(2) ? null : row.Bytes(2)),
            epoch, applied);

    /// <summary>
    /// Writes the applied numbers of an epoch's memory and its replicas. One statement writes both, so that no reader mixes two pairs. It
    /// need not be durable: a lost acknowledgement costs a wait.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="acks">The pair.</param>
    /// <param name="states">The states of replicas for receipts; null when they are written already.</param>
    /// <param name="number">
    /// The pair's number, in the order in which pairs were computed. A statement with a lower number than the row has changes nothing.
    /// </param>
    /// <returns>False when the row has a later pair, is fenced, or is gone.</returns>
    public static bool Acknowledge(Session session, long epoch, NodeAcks acks, string? states, long number)
    {
        const string Pair = "UPDATE nodes SET acked = $2, applied = $3, replica_acks = $4, ack_number = $5";
        const string Row = " WHERE epoch = $1 AND fenced_at IS NULL AND ack_number < $5";
        return states is null
            ? session.Execute(Pair + Row, epoch, acks.All, acks.Applied, acks.Replicas.Write(), number) > 0
            : session.Execute(Pair + ", replicas = $6" + Row, epoch, acks.All, acks.Applied, acks.Replicas.Write(), number, states) > 0;
    }

    /// <summary>
    /// Records, in an embedded database, that replicas may hold leases from this process. After an unclean end of this process, the next
    /// one waits for the end of these leases.
    /// </summary>
    public static void Note(Session session, NodeRegistration node, Instant now)
        => session.Execute(
            "INSERT INTO nodes (epoch, id, name, version, lease_milliseconds, registered_at, renewed, renewed_at, acked, barred)"
            + " SELECT $1, $2, $3, $4, $5, $6, h.seq, $6, h.seq, 0 FROM log_head h WHERE h.id = 1",
            node.Epoch, node.Id, node.Name, node.Version, node.LeaseMilliseconds, now.UnixMilliseconds);

    /// <summary>
    /// Reads the longest lease that replicas may hold from processes with an unclean end; zero when there are none.
    /// </summary>
    public static int LongestLease(Session session) => (int)session.Number("SELECT COALESCE(MAX(lease_milliseconds), 0) FROM nodes");

    /// <summary>Removes all recorded leases: every lease is over.</summary>
    public static void Clear(Session session) => session.Execute("DELETE FROM nodes");

    /// <summary>
    /// Reads the acknowledgements of each epoch that is not fenced. The row of an older version has one number, which covers its memory and
    /// all its replicas.
    /// </summary>
    public static Dictionary<long, NodeAcks> Acknowledged(Session session)
        => session.All(
                "SELECT epoch, COALESCE(applied, acked), replica_acks FROM nodes WHERE fenced_at IS NULL",
                static row => (Epoch: row.GetInt64(0), Acks: new NodeAcks(row.GetInt64(1), ReplicaAcks.Read(row.GetString(2)))))
            .ToDictionary(static row => row.Epoch, static row => row.Acks);

    /// <summary>Reads the states of the replicas that follow each epoch, fenced or not.</summary>
    public static Dictionary<long, string> Replicas(Session session)
        => session.All(
                "SELECT epoch, replicas FROM nodes WHERE replicas <> ''",
                static row => (Epoch: row.GetInt64(0), Replicas: row.GetString(1)))
            .ToDictionary(static row => row.Epoch, static row => row.Replicas);

    /// <summary>Whether an epoch is there and not fenced.</summary>
    public static bool IsWaitedFor(Session session, long epoch)
        => session.Number("SELECT COUNT(*) FROM nodes WHERE epoch = $1 AND fenced_at IS NULL", epoch) != 0;

    /// <summary>
    /// Fences an epoch whose lease must be over, unless it renewed since. After a renewal it has applied the change, or will before it
    /// answers from memory again. An epoch that changes had to wait for twice in a minute is barred: its next renewal is refused. Changes
    /// that waited at the same time count as one.
    /// </summary>
    /// <returns>Whether the epoch is fenced.</returns>
    public static bool Fence(Session session, long epoch, long sequence)
    {
        if (session.Execute(
                "UPDATE nodes SET fenced_at = " + Now + " WHERE epoch = $1 AND fenced_at IS NULL AND renewed < $2", epoch, sequence) > 0)
            return true;
        session.Execute(
            "UPDATE nodes SET missed_at = " + Now + ", barred = CASE WHEN missed_at > " + Now + " - $2 THEN 1 ELSE barred END"
            + " WHERE epoch = $1 AND fenced_at IS NULL AND (missed_at IS NULL OR missed_at < " + Now + " - 2 * lease_milliseconds)",
            epoch, MissMilliseconds);
        return false;
    }

    /// <summary>Whether an epoch is refused new leases, and not merely fenced.</summary>
    public static bool IsBarred(Session session, long epoch) => session.Number("SELECT barred FROM nodes WHERE epoch = $1", epoch) != 0;

    /// <summary>Finds a node below a feature level that is not fenced, and renewed its lease within the length of two.</summary>
    /// <returns>The node's name, version and level; null without such a node.</returns>
    public static (string Name, string Version, int Level)? FindBelow(Session session, int level)
        => session.All(
                "SELECT name, version, level FROM nodes WHERE fenced_at IS NULL AND level < $1 AND renewed_at > " + Now
                + " - 2 * lease_milliseconds ORDER BY level, epoch LIMIT 1",
                static row => (row.GetString(0), row.GetString(1), row.GetInt32(2)), level)
            is [var below] ? below : null;

    /// <summary>Removes an epoch after its lease: changes no longer wait for it.</summary>
    public static void Close(Session session, long epoch) => session.Execute("DELETE FROM nodes WHERE epoch = $1", epoch);

    /// <summary>The newest registrations; with the database's time.</summary>
    public static (Instant Now, List<NodeRow> Rows) List(Session session, int limit)
        => (new Instant(session.Number("SELECT " + Now)), session.All(
            "SELECT epoch, id, name, version, lease_milliseconds, registered_at, renewed, renewed_at,"
            + " COALESCE(applied, acked), fenced_at, barred, level FROM nodes"
            + " ORDER BY registered_at DESC, epoch LIMIT $1",
            Map, limit));

    private static NodeRow Map(DbDataReader row) => new(
        new NodeRegistration(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetInt32(11)),
        row.Time(5), row.GetInt64(6), row.Time(7), row.GetInt64(8), row.TimeOrNull(9), row.Flag(10));
}
