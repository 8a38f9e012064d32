using System.Numerics;

namespace Warder.Faults.Checks;

/// <summary>
/// Searches for an explanation of a history under the promise: <b>no validation that begins after a change's call has returned is answered
/// from the state before it</b>. A history keeps the promise if
/// <list type="bullet">
/// <item>the changes have an order (that of their commits) in which none comes before a change that had returned when it was called. A
/// change that never returned may be anywhere after the changes that had returned when it was called, or nowhere;</item>
/// <item>each change could be answered as it was, in the state that it found;</item>
/// <item>each validation was answered from the state after some prefix of that order: the prefix contains all changes that had returned
/// when the validation began, and none that was called after it was over.</item>
/// </list>
/// This is a regular register with many writers, not an atomic one: the later of two validations may be answered from the earlier state, as
/// long as the change between them has not returned. The search is that of Wing and Gong with Lowe's memory of visited states, generalized
/// from single calls to prefixes that a read must include. Commits need no times of their own: each counts as early as its call and its
/// predecessors allow.
/// </summary>
internal sealed class Explanation<TOperation, TQuestion>
{
    /// <summary>The most changes in one history: each is a bit of a 64-bit set.</summary>
    public const int MaxChanges = 64;

    private readonly Model<TOperation, TQuestion> model;
    private readonly IReadOnlyList<Change<TOperation>> changes;
    private readonly IReadOnlyList<Answer<TQuestion>> answers;

    // For each change, its predecessors; for each answer, the changes that its state must contain and those that it may contain.
    private readonly ulong[] forerunners;
    private readonly ulong[] must;
    private readonly ulong[] may;
    private readonly ulong required;
    private readonly HashSet<(ulong Done, ulong State, string Open)> seen = [];
    private (int Done, Answer<TQuestion>? Answer) furthest = (-1, null);

    private Explanation(
        Model<TOperation, TQuestion> model, IReadOnlyList<Change<TOperation>> changes, IReadOnlyList<Answer<TQuestion>> answers)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(changes.Count, MaxChanges);
        (this.model, this.changes) = (model, changes);
        ulong Those(Func<Change<TOperation>, bool> which) => changes.Select((change, i) => which(change) ? 1UL << i : 0)
            .Aggregate(0UL, (all, bit) => all | bit);
        forerunners = [.. changes.Select(change => Those(other => other.Returned < change.Called))];
        // Answers to the same question with the same result, and the same changes before, beside and after them, count as one.
        var distinct = answers
            .Select(
                answer => (Answer: answer, Must: Those(change => change.Returned < answer.Requested), May: Those(
                    change => change.Called <= answer.Answered)))
            .DistinctBy(it => (it.Answer.Question, it.Answer.Code, it.Must, it.May))
            .ToList();
        this.answers = [.. distinct.Select(it => it.Answer)];
        (must, may) = ([.. distinct.Select(it => it.Must)], [.. distinct.Select(it => it.May)]);
        required = Those(change => change.HasReturned);
    }

    /// <summary>
    /// Searches for an explanation. Returns null when there is one. Otherwise returns the answer at which the furthest attempt failed, or a
    /// null answer when the changes' own answers contradict each other.
    /// </summary>
    public static (Answer<TQuestion>? Answer, int Explained)? Missing(
        Model<TOperation, TQuestion> model, IReadOnlyList<Change<TOperation>> changes, IReadOnlyList<Answer<TQuestion>> answers)
    {
        var search = new Explanation<TOperation, TQuestion>(model, changes, answers);
        return search.From(0, model.Initial, search.Opened(0, 0, first: true)) ? null : (search.furthest.Answer, search.furthest.Done);
    }

    // `done` has been committed; `open` are the answers that are now possible and not yet explained.
    private bool From(ulong done, ulong state, List<int> open)
    {
        open.RemoveAll(i => model.CodeOf(state, answers[i].Question) == answers[i].Code);
        if (open.Count == 0 && (done & required) == required)
            return true;
        Note(done, open);
        if (!seen.Add((done, state, string.Concat(open.Select(i => (char)i)))))
            return false;
        for (var i = 0; i < changes.Count; i++)
        {
            var change = 1UL << i;
            // No later change can explain an answer that was over when the change was called.
            if ((done & change) != 0 || (forerunners[i] & ~done) != 0 || open.Exists(answer => (may[answer] & change) == 0))
                continue;
            if (model.After(state, changes[i].Operation) is { } after
                && From(done | change, after, [.. open, .. Opened(done, change, first: false)]))
                return true;
        }

        return false;
    }

    private List<int> Opened(ulong done, ulong change, bool first)
        => [.. Enumerable.Range(0, answers.Count).Where(i => (must[i] & ~(done | change)) == 0 && (first || (must[i] & ~done) != 0))];

    private void Note(ulong done, List<int> open)
    {
        var count = BitOperations.PopCount(done & required);
        if (count > furthest.Done)
            furthest = (count, open.Count > 0 ? answers[open.MinBy(i => answers[i].Answered)] : null);
    }
}
