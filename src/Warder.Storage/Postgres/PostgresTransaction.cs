using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Warder.Core.Events;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Storage.Journal;

namespace Warder.Storage.Postgres;

/// <summary>
/// A transaction of PostgreSQL's, at READ COMMITTED. A command locks rows as it reads them, so that the commands of several nodes behave as
/// if they ran one after another. The statements between two needed results travel together. The log's head is locked only in the last
/// round trip, which also commits.
/// </summary>
internal sealed class PostgresTransaction(PostgresSession session) : Transaction
{
    /// <summary>
    /// How long the first command of a batch waits for another node: it holds nothing meanwhile. Longer than a frozen node can hold
    /// anything.
    /// </summary>
    public const int PatientLockMilliseconds = 1_500;

    // A batch keeps its rows locked while it waits for a lock: this limit bounds the wait of other nodes for them.
    private const string BriefLocks = "SET LOCAL lock_timeout = 50";

    // Another node locks the head for the duration of its commit.
    private const string HeadLock = "SET LOCAL lock_timeout = 5000";

    private const string Head =
        "WITH head AS (UPDATE log_head SET seq = seq + $1, hash = sha256(hash || int8send(seq + 1) || int8send($1) || $2)"
        + " WHERE id = 1 RETURNING seq - $1 AS base, hash),"
        + " appended AS (INSERT INTO events (seq, environment, id, type, organization_id, created_at, effects, bytes)"
        + " SELECT head.base + e.place, e.environment, e.id, e.type, e.organization_id, e.created_at, e.effects, e.bytes"
        + " FROM head, unnest($3, $4, $5, $6, $7, $8, $9) WITH ORDINALITY"
        + " AS e (environment, id, type, organization_id, created_at, effects, bytes, place)),"
        + " batch AS (INSERT INTO event_batches (first_seq, count, hash) SELECT base + 1, $1, hash FROM head)";

    private const string Personal =
        ", personal AS (INSERT INTO event_personal_values (seq, digest, subject_id, salt, value)"
        + " SELECT head.base + v.place, v.digest, v.subject_id, v.salt, v.value"
        + " FROM head, unnest($10, $11, $12, $13, $14) AS v (place, digest, subject_id, salt, value))";

    private const string First = " SELECT base + 1 FROM head";

    // Reads the head and the nodes in a statement that begins after the head is locked. A statement that also locked the head would read
    // the nodes from before its wait for the lock.
    private const string Seen =
        "SELECT h.seq, h.hash, n.epoch, n.lease_milliseconds, n.id, n.name FROM log_head h"
        + " LEFT JOIN nodes n ON n.fenced_at IS NULL WHERE h.id = 1";

    // The head of the last commit with an ending. It is known only after that commit, so its MAC is written with the next commit, in the
    // same round trip. Null once it is written.
    private (LogPosition Head, Instant At)? ending;
    private bool begun;
    private bool hasPeers;
    private bool savepoints;
    private bool brief;
    private int command;
    private int start;
    private int mark;

    /// <inheritdoc/>
    public override bool Wrote => session.Wrote;

    /// <inheritdoc/>
    /// <remarks>A lock that a command did not get aborts the transaction, so the commands of a batch always have savepoints.</remarks>
    public override void Begin(int commands, bool undoable)
    {
        (savepoints, brief, command) = (commands > 1, false, PostgresSession.Nobody);
        session.Owner = PostgresSession.Nobody;
        start = session.Place;
        session.Queue(session.Dialect.Begin);
        begun = true;
    }

    /// <inheritdoc/>
    public override void Savepoint()
    {
        if (savepoints && command >= 0 && !brief)
        {
            session.Owner = PostgresSession.Nobody;
            session.Queue(BriefLocks);
            brief = true;
        }

        session.Owner = ++command;
        session.Wrote = false;
        mark = session.Place;
        if (savepoints)
            session.Queue("SAVEPOINT command");
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A command's last writes are sent with the next command's first statement. A command without a query sends them at once, so that at
    /// most one savepoint is open.
    /// </remarks>
    public override void ReleaseSavepoint()
    {
        if (!savepoints)
            return;
        if (session.Sent <= mark)
            session.Flush();
        session.Queue("RELEASE command");
    }

    /// <inheritdoc/>
    public override void RollbackToSavepoint()
    {
        if (!savepoints)
        {
            RollBack();
            return;
        }

        var sent = session.Sent > mark;
        session.Drop(mark);
        brief = false;
        if (!sent)
            return;
        session.Owner = PostgresSession.Nobody;
        session.Queue("ROLLBACK TO command");
        session.Queue("RELEASE command");
    }

    /// <inheritdoc/>
    public override void RollBack()
    {
        if (!begun)
            return;
        begun = false;
        var sent = session.Sent > start;
        session.Drop(start);
        if (!sent)
            return;
        session.Owner = PostgresSession.Nobody;
        session.Queue("ROLLBACK");
        session.Flush();
    }

    /// <inheritdoc/>
    public override CommittedBatch? Observe()
    {
        session.Owner = PostgresSession.Nobody;
        var (head, nodes) = session.Last(Seen, MapSeen, "ROLLBACK");
        begun = false;
        return new CommittedBatch([], head) { Nodes = nodes };
    }

    /// <inheritdoc/>
    public override CommittedBatch? Commit(IReadOnlyList<EventDraft> events)
    {
        session.Owner = PostgresSession.Nobody;
        if (events.Count > 0)
        {
            session.Queue(HeadLock);
            if (ending is { } before)
                HeadMacs.KeepEnding(session, before.Head, before.At);
            session.Enqueue(Append(events), returns: true);
        }

        session.Enqueue(new NpgsqlBatchCommand(Seen), returns: true);
        var notifies = hasPeers && events.Count > 0;
        var (head, nodes) = session.Commit(MapSeen, ref notifies);
        (begun, hasPeers) = (false, nodes.Count > 1);
        if (events.Count > 0)
            ending = events.Any(static draft => draft.CacheDeltas.Count > 0) ? (head, events[^1].CreatedAt) : null;
        return new CommittedBatch(events, head) { Nodes = nodes, IsNotified = notifies };
    }

    private static (LogPosition Head, List<RegisteredNode> Nodes) MapSeen(DbDataReader reader)
    {
        LogPosition? head = null;
        var nodes = new List<RegisteredNode>();
        while (reader.Read())
        {
            head ??= new LogPosition(reader.GetInt64(0), reader.Bytes(1));
            if (!reader.IsDBNull(2))
                nodes.Add(new RegisteredNode(reader.GetInt64(2), reader.GetInt32(3), reader.GetString(4), reader.GetString(5)));
        }

        return (head!, nodes);
    }

    private static NpgsqlBatchCommand Append(IReadOnlyList<EventDraft> events)
    {
        var bodies = events.Select(static draft => draft.Body).ToArray();
        var values = bodies.SelectMany((body, i) => body.PersonalValues.Select(value => (Place: i + 1L, Value: value))).ToArray();
        var command = new NpgsqlBatchCommand(values.Length == 0 ? Head + First : Head + Personal + First);
        void Add<T>(NpgsqlDbType type, T value)
            => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        void AddEach<T>(NpgsqlDbType type, Func<EventDraft, T> column) => Add(NpgsqlDbType.Array | type, events.Select(column).ToArray());
        Add(NpgsqlDbType.Bigint, (long)events.Count);
        Add(NpgsqlDbType.Bytea, LogChain.Fold(bodies));
        AddEach(NpgsqlDbType.Integer, static draft => draft.Environment);
        AddEach(NpgsqlDbType.Text, static draft => draft.Id);
        AddEach(NpgsqlDbType.Text, static draft => draft.Type);
        AddEach(NpgsqlDbType.Text, static draft => draft.OrganizationId);
        AddEach(NpgsqlDbType.Bigint, static draft => draft.CreatedAt.UnixMilliseconds);
        AddEach(NpgsqlDbType.Text, static draft => CacheDeltaText.Write(draft.CacheDeltas));
        Add(NpgsqlDbType.Array | NpgsqlDbType.Bytea, bodies.Select(static body => body.Bytes).ToArray());
        if (values.Length == 0)
            return command;
        void AddValues<T>(NpgsqlDbType type, Func<PersonalValue, T> column)
            => Add(NpgsqlDbType.Array | type, values.Select(row => column(row.Value)).ToArray());
        Add(NpgsqlDbType.Array | NpgsqlDbType.Bigint, values.Select(static row => row.Place).ToArray());
        AddValues(NpgsqlDbType.Text, static value => value.Digest);
        AddValues(NpgsqlDbType.Text, static value => value.SubjectId);
        AddValues(NpgsqlDbType.Bytea, static value => value.Salt);
        AddValues(NpgsqlDbType.Text, static value => value.Value);
        return command;
    }
}
