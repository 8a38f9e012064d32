using System.Numerics;

namespace Warder.Faults.Checks;

/// <summary>
/// Whether a history keeps the promise: <b>no validation that begins after a change's call has returned is answered from the state before
/// it</b>. It does if
/// <list type="bullet">
/// <item>the changes can be put in an order (that of their commits) in which none comes before one that had returned when it was called. A
/// change that never returned may be anywhere after what had returned when it was called, or nowhere;</item>
/// <item>such that each change could be answered as it was, in the state that it found;</item>
/// <item>and such that each validation was answered from the state after some first part of that order: one that has in it all that had
/// returned when the validation began, and nothing that was called when it was over.</item>
/// </list>
/// That is a regular register with many writers, and no atomic one: of two validations the later may be answered from the earlier state, as
/// long as the change between has not returned. The search is that of Wing and Gong with Lowe's memory of where it has been, taken from
/// single calls to what had to be read by then. Commits need no times of their own: each may be taken to be as early as its call and its
/// forerunners' allow.
/// </summary>
internal sealed class Explanation<TDeed, TQuestion>
{
    /// <summary>The most changes in one history: they are bits of a word.</summary>
    public const int MaxChanges = 64;

    private readonly Model<TDeed, TQuestion> model;
    private readonly IReadOnlyList<Change<TDeed>> changes;
    private readonly IReadOnlyList<Answer<TQuestion>> answers;

    // For each change, what is before it; for each answer, what must and what may have been in what it was answered from.
    private readonly ulong[] forerunners;
    private readonly ulong[] must;
    private readonly ulong[] may;
    private readonly ulong required;
    private readonly HashSet<(ulong Done, ulong State, string Open)> seen = [];
    private (int Done, Answer<TQuestion>? Answer) furthest = (-1, null);

    private Explanation(Model<TDeed, TQuestion> model, IReadOnlyList<Change<TDeed>> changes, IReadOnlyList<Answer<TQuestion>> answers)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(changes.Count, MaxChanges);
        (this.model, this.changes) = (model, changes);
        ulong Those(Func<Change<TDeed>, bool> which) => changes.Select((change, i) => which(change) ? 1UL << i : 0).Aggregate(0UL, (all, bit) => all | bit);
        forerunners = [.. changes.Select(change => Those(other => other.Returned < change.Called))];
        // Answers that say the same of the same, with the same changes before, beside and after them, are one.
        var distinct = answers
            .Select(answer => (Answer: answer, Must: Those(change => change.Returned < answer.Asked), May: Those(change => change.Called <= answer.Answered)))
            .DistinctBy(it => (it.Answer.Question, it.Answer.Code, it.Must, it.May))
            .ToList();
        this.answers = [.. distinct.Select(it => it.Answer)];
        (must, may) = ([.. distinct.Select(it => it.Must)], [.. distinct.Select(it => it.May)]);
        required = Those(change => change.HasReturned);
    }

    /// <summary>
    /// Null when there is an explanation; otherwise the answer at which the furthest attempt failed, or, when it was not for an answer that
    /// it did, a null one: the changes' own answers contradict each other.
    /// </summary>
    public static (Answer<TQuestion>? Answer, int Explained)? Missing(
        Model<TDeed, TQuestion> model, IReadOnlyList<Change<TDeed>> changes, IReadOnlyList<Answer<TQuestion>> answers)
    {
        var search = new Explanation<TDeed, TQuestion>(model, changes, answers);
        return search.From(0, model.Initial, search.Opened(0, 0, first: true)) ? null : (search.furthest.Answer, search.furthest.Done);
    }

    // `done` has been committed, and `open` are the answers that may be from now on and are not explained yet.
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
            // What was over when the change was called cannot be explained by anything after it.
            if ((done & change) != 0 || (forerunners[i] & ~done) != 0 || open.Exists(answer => (may[answer] & change) == 0))
                continue;
            if (model.After(state, changes[i].Operation) is { } after && From(done | change, after, [.. open, .. Opened(done, change, first: false)]))
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
