namespace Warder.Faults.Load;

/// <summary>
/// Folds equal answers to one question whose requests and arrivals fall in the same epochs. They prove the same, except for the moment
/// between a call's return and its entry: so the answer that arrived first and the one that was requested last are kept.
/// </summary>
internal sealed class Streak(
    int requestedEpoch, int answeredEpoch, Code code, int count, (long Requested, long Answered) first,
    (long Requested, long Answered) last)
{
    public int RequestedEpoch => requestedEpoch;

    public int AnsweredEpoch => answeredEpoch;

    public Code Code => code;

    /// <summary>The number of answers folded.</summary>
    public int Count { get; private set; } = count;

    public (long Requested, long Answered) First { get; private set; } = first;

    public (long Requested, long Answered) Last { get; private set; } = last;

    public bool Is(int requested, int answered, Code result) => (requested, answered, result) == (requestedEpoch, answeredEpoch, code);

    public void Add(Streak more)
    {
        Count += more.Count;
        if (more.First.Answered < First.Answered)
            First = more.First;
        if (more.Last.Requested > Last.Requested)
            Last = more.Last;
    }

    /// <summary>Adds an answer. Most answers come in the order of time.</summary>
    public void Add(long requested, long answered)
    {
        Count++;
        if (answered < First.Answered)
            First = (requested, answered);
        if (requested > Last.Requested)
            Last = (requested, answered);
    }
}

/// <summary>Folds all answers to one question.</summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class Streaks
{
    private readonly List<Streak> all = [];
    private Streak? latest;

    public IReadOnlyList<Streak> All => all;

    public void Add(int requestedEpoch, int answeredEpoch, Code code, long requested, long answered)
    {
        if (Find(requestedEpoch, answeredEpoch, code) is { } streak)
            streak.Add(requested, answered);
        else
            Begin(new Streak(requestedEpoch, answeredEpoch, code, 1, (requested, answered), (requested, answered)));
    }

    public void Add(Streak more)
    {
        if (Find(more.RequestedEpoch, more.AnsweredEpoch, more.Code) is { } streak)
            streak.Add(more);
        else
            Begin(more);
    }

    private Streak? Find(int requestedEpoch, int answeredEpoch, Code code)
    {
        // Nearly always equal to the last answer.
        if (latest?.Is(requestedEpoch, answeredEpoch, code) == true)
            return latest;
        var found = all.FindLast(streak => streak.Is(requestedEpoch, answeredEpoch, code));
        latest = found ?? latest;
        return found;
    }

    private void Begin(Streak streak) => all.Add(latest = streak);
}
