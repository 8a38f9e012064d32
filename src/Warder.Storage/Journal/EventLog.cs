using Warder.Core.Events;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;

namespace Warder.Storage.Journal;

/// <summary>Writing the one log: numbers a batch's events, inserts them, and lets the head take one step.</summary>
internal static class EventLog
{
    /// <summary>Appends a batch inside the transaction that wrote its state. Returns where the log ends now.</summary>
    public static LogPosition Append(Session session, IReadOnlyList<EventDraft> drafts)
    {
        var (seq, hash) = Head(session);
        var first = seq + 1;
        var bodies = new EventBody[drafts.Count];
        for (var i = 0; i < bodies.Length; i++)
        {
            bodies[i] = drafts[i].Body;
            Insert(session, first + i, drafts[i]);
        }

        var step = LogChain.Step(hash, first, drafts.Count, LogChain.Fold(bodies));
        session.Execute("INSERT INTO event_batches (first_seq, count, hash) VALUES ($1, $2, $3)", first, drafts.Count, step);
        session.Execute("UPDATE log_head SET seq = $1, hash = $2 WHERE id = 1", seq + drafts.Count, step);
        var head = new LogPosition(seq + drafts.Count, step);
        if (drafts.Any(static draft => draft.CacheDeltas.Count > 0))
            HeadMacs.KeepEnding(session, head, drafts[^1].CreatedAt);
        return head;
    }

    /// <summary>The head: the last sequence number, and the hash after it.</summary>
    public static LogPosition Head(Session session)
        => session.First("SELECT seq, hash FROM log_head WHERE id = 1", static row => new LogPosition(row.GetInt64(0), row.Bytes(1)))!;

    /// <summary>Writes the head of an empty log.</summary>
    public static void Begin(Session session)
        => session.Execute("INSERT INTO log_head (id, seq, hash) VALUES (1, 0, $1) ON CONFLICT (id) DO NOTHING", LogChain.Genesis());

    private static void Insert(Session session, long seq, EventDraft draft)
    {
        session.Execute(
            "INSERT INTO events (seq, environment, id, type, organization_id, created_at, effects, bytes)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            seq, draft.Environment, draft.Id, draft.Type, draft.OrganizationId, draft.CreatedAt.UnixMilliseconds,
            CacheDeltaText.Write(draft.CacheDeltas), draft.Body.Bytes);
        foreach (var value in draft.Body.PersonalValues)
        {
            session.Execute(
                "INSERT INTO event_personal_values (seq, digest, subject_id, salt, value) VALUES ($1, $2, $3, $4, $5)",
                seq, value.Digest, value.SubjectId, value.Salt, value.Value);
        }
    }
}
