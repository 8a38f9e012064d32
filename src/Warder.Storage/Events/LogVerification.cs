using Warder.Core.Events;
using Warder.Storage.Journal;

namespace Warder.Storage.Events;

/// <summary>The result of a verification of the log.</summary>
/// <param name="Events">The number of events that were read.</param>
/// <param name="Batches">The number of batches.</param>
/// <param name="Problem">The first problem with its place; null when there is none.</param>
public sealed record LogReport(long Events, long Batches, string? Problem)
{
    /// <summary>The last event under a MAC of the root key; null without a root key.</summary>
    public long? Authenticated { get; init; }
}

/// <summary>
/// Reads and checks the whole log: sequence gaps, every batch's hash, the head, the columns beside each event, and every personal value
/// against the digest in its event. With the root key it also checks the heads that are under MACs.
/// </summary>
public static class LogVerification
{
    // A server writes a MAC each minute. Much later events without one were written past the server, or by a server that was killed at
    // once.
    private const long UncoveredMilliseconds = 300_000;

    private sealed record Batch(long First, long Count, byte[] Hash);

    /// <summary>Verifies the log on one snapshot.</summary>
    public static LogReport Run(Session session)
    {
        var columns = new EventColumns(session);
        var hash = LogChain.Genesis();
        var macs = HeadMacs.All(session, out var verified);
        if (!verified)
            return new LogReport(0, 0, "A head of the log does not verify under the root key.");
        var place = 0;
        long next = 1, batches = 0;
        foreach (var batch in Batches(session))
        {
            if (batch.First != next || batch.Count < 1)
                return new LogReport(
                    next - 1, batches, $"Batch {batches + 1} has {batch.Count} events from {batch.First} on; {next} was expected next.");
            var events = EventRow.Read(session, batch.First, batch.Count);
            if (events.Count != batch.Count)
                return new LogReport(next - 1, batches, $"Events are missing between {batch.First} and {batch.First + batch.Count - 1}.");
            hash = LogChain.Step(hash, batch.First, batch.Count, LogChain.Fold([.. events.Select(row => row.Bytes)]));
            if (!hash.AsSpan().SequenceEqual(batch.Hash))
                return new LogReport(
                    next - 1, batches, $"The hash of the batch that begins at {batch.First} does not follow from its events.");
            if (events.Select(columns.ProblemOf).FirstOrDefault(static found => found is not null) is { } wrong)
                return new LogReport(next - 1, batches, wrong);
            next += batch.Count;
            batches++;
            for (; place < macs.Count && macs[place].Position.Sequence < next; place++)
            {
                if (macs[place].Position.Sequence > 0 && !macs[place].Position.Is(new LogPosition(next - 1, hash)))
                    return new LogReport(
                        next - 1, batches,
                        $"The log is not the one whose head at event {macs[place].Position.Sequence} is under a MAC: it was written anew.");
            }
        }

        var problem = HeadProblem(session, next - 1, hash) ?? columns.PersonalProblem();
        return session.Macs.IsOn
            ? new LogReport(next - 1, batches, problem ?? MacProblem(session, macs, next - 1))
                { Authenticated = macs.Count > 0 ? macs[^1].Position.Sequence : 0 }
            : new LogReport(next - 1, batches, problem);
    }

    private static string? MacProblem(Session session, List<(LogPosition Position, Core.Time.Instant At)> macs, long last)
    {
        if (macs.Count == 0)
            return "No head of the log is under a MAC: they were deleted.";
        var (position, at) = macs[^1];
        if (position.Sequence > last)
            return $"The log ends at {last}, and its head at {position.Sequence} is under a MAC: it was cut off.";
        var end = session.Number("SELECT COALESCE(MAX(created_at), 0) FROM events WHERE seq > $1", position.Sequence);
        return end - at.UnixMilliseconds <= UncoveredMilliseconds
            ? null
            : $"The last head under a MAC is that of event {position.Sequence}, "
                + $"and events go on for more than {UncoveredMilliseconds / 60_000} minutes after it.";
    }

    private static List<Batch> Batches(Session session)
        => session.All(
            "SELECT first_seq, count, hash FROM event_batches ORDER BY first_seq",
            static row => new Batch(row.GetInt64(0), row.GetInt64(1), row.Bytes(2)));

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
