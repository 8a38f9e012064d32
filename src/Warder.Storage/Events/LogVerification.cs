using Warder.Core.Events;
using Warder.Storage.Journal;

namespace Warder.Storage.Events;

/// <summary>What a verification of the log found.</summary>
/// <param name="Events">How many events were read.</param>
/// <param name="Batches">How many batches.</param>
/// <param name="Problem">What is wrong first, and where; null when all is well.</param>
public sealed record LogReport(long Events, long Batches, string? Problem);

/// <summary>Reads the whole log and checks it: no gap, every batch's hash, the head, and every personal value against its digest.</summary>
public static class LogVerification
{
    /// <summary>Verifies on one snapshot.</summary>
    public static LogReport Run(Session session)
    {
        var hash = LogChain.Genesis();
        long next = 1, batches = 0;
        var recorded = session.All(
            "SELECT first_seq, count, hash FROM event_batches ORDER BY first_seq",
            static row => (First: row.GetInt64(0), Count: row.GetInt64(1), Hash: row.Bytes(2)));
        foreach (var batch in recorded)
        {
            if (batch.First != next)
                return new LogReport(next - 1, batches, $"Batch {batches + 1} begins at {batch.First}; {next} was expected.");
            var events = session.All(
                "SELECT bytes FROM events WHERE seq >= $1 AND seq < $2 ORDER BY seq", static row => row.Bytes(0), batch.First, batch.First + batch.Count);
            if (events.Count != batch.Count)
                return new LogReport(next - 1, batches, $"Events are missing between {batch.First} and {batch.First + batch.Count - 1}.");
            hash = LogChain.Step(hash, batch.First, batch.Count, LogChain.Fold(events));
            if (!hash.AsSpan().SequenceEqual(batch.Hash))
                return new LogReport(next - 1, batches, $"The hash of the batch that begins at {batch.First} does not follow from its events.");
            next += batch.Count;
            batches++;
        }

        return new LogReport(next - 1, batches, HeadProblem(session, next - 1, hash) ?? PersonalProblem(session));
    }

    private static string? HeadProblem(Session session, long last, byte[] hash)
    {
        var (sequence, head) = EventLog.Head(session);
        if (sequence != last)
            return $"The head says {sequence}; the last batch ends at {last}.";
        if (session.Number("SELECT COUNT(*) FROM events") != last)
            return "There are events outside of every batch.";
        return head.AsSpan().SequenceEqual(hash) ? null : "The head's hash is not the last batch's.";
    }

    private static string? PersonalProblem(Session session)
    {
        using var rows = session.Query("SELECT seq, digest, salt, value FROM event_personal_values ORDER BY seq, digest");
        while (rows.Read())
        {
            if (!string.Equals(PersonalValue.DigestOf(rows.Bytes(2), rows.GetString(3)), rows.GetString(1), StringComparison.Ordinal))
                return $"A personal value of event {rows.GetInt64(0)} is not the one that the event committed to.";
        }

        return null;
    }
}
