using Warder.Core.Events;
using Warder.Storage.Journal;

namespace Warder.Storage.Events;

/// <summary>What a verification of the log found.</summary>
/// <param name="Events">How many events were read.</param>
/// <param name="Batches">How many batches.</param>
/// <param name="Problem">What is wrong first, and where; null when all is well.</param>
public sealed record LogReport(long Events, long Batches, string? Problem);

/// <summary>
/// Reads the whole log and checks it: no gap, every batch's hash, the head, what stands beside each event against what its bytes say, and every
/// personal value against the digest in its event.
/// </summary>
public static class LogVerification
{
    private sealed record Batch(long First, long Count, byte[] Hash);

    /// <summary>Verifies on one snapshot.</summary>
    public static LogReport Run(Session session)
    {
        var columns = new EventColumns(session);
        var hash = LogChain.Genesis();
        long next = 1, batches = 0;
        foreach (var batch in Batches(session))
        {
            if (batch.First != next || batch.Count < 1)
                return new LogReport(next - 1, batches, $"Batch {batches + 1} has {batch.Count} events from {batch.First} on; {next} was expected next.");
            var events = EventRow.Read(session, batch.First, batch.Count);
            if (events.Count != batch.Count)
                return new LogReport(next - 1, batches, $"Events are missing between {batch.First} and {batch.First + batch.Count - 1}.");
            hash = LogChain.Step(hash, batch.First, batch.Count, LogChain.Fold([.. events.Select(row => row.Bytes)]));
            if (!hash.AsSpan().SequenceEqual(batch.Hash))
                return new LogReport(next - 1, batches, $"The hash of the batch that begins at {batch.First} does not follow from its events.");
            if (events.Select(columns.ProblemOf).FirstOrDefault(problem => problem is not null) is { } problem)
                return new LogReport(next - 1, batches, problem);
            next += batch.Count;
            batches++;
        }

        return new LogReport(next - 1, batches, HeadProblem(session, next - 1, hash) ?? columns.PersonalProblem());
    }

    private static List<Batch> Batches(Session session)
        => session.All(
            "SELECT first_seq, count, hash FROM event_batches ORDER BY first_seq", static row => new Batch(row.GetInt64(0), row.GetInt64(1), row.Bytes(2)));

    private static string? HeadProblem(Session session, long last, byte[] hash)
    {
        var (sequence, head) = EventLog.Head(session);
        if (sequence != last)
            return $"The head says {sequence}; the last batch ends at {last}.";
        if (session.Number("SELECT COUNT(*) FROM events") != last)
            return "There are events outside of every batch.";
        return head.AsSpan().SequenceEqual(hash) ? null : "The head's hash is not the last batch's.";
    }
}
