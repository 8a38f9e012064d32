namespace Warder.Faults.Load;

/// <summary>
/// Folds equal answers to one question whose requests and arrivals fall in the same epochs. They prove the same, except for the moment
/// between a call's return and its entry: so the answer that arrived first and the one that was requested last are kept.
/// </summary>
internal sealed class Streak(int askedEpoch, int answeredEpoch, Code code, int count, (long Asked, long Answered) first, (long Asked, long Answered) last)
{
    public int AskedEpoch => askedEpoch;

    public int AnsweredEpoch => answeredEpoch;

    public Code Code => code;

    /// <summary>The number of answers folded.</summary>
    public int Count { get; private set; } = count;

    public (long Asked, long Answered) First { get; private set; } = first;

    public (long Asked, long Answered) Last { get; private set; } = last;

    public bool Is(int asked, int answered, Code said) => (asked, answered, said) == (askedEpoch, answeredEpoch, code);

    public void Add(Streak more)
    {
        Count += more.Count;
        if (more.First.Answered < First.Answered)
            First = more.First;
        if (more.Last.Asked > Last.Asked)
            Last = more.Last;
    }

    /// <summary>Adds an answer. Most answers come in the order of time.</summary>
    public void Add(long asked, long answered)
    {
        Count++;
        if (answered < First.Answered)
            First = (asked, answered);
        if (asked > Last.Asked)
            Last = (asked, answered);
    }
}

/// <summary>Folds all answers to one question.</summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class Streaks
{
    private readonly List<Streak> all = [];
    private Streak? latest;

    public IReadOnlyList<Streak> All => all;

    public void Add(int askedEpoch, int answeredEpoch, Code code, long asked, long answered)
    {
        if (Find(askedEpoch, answeredEpoch, code) is { } streak)
            streak.Add(asked, answered);
        else
            Begin(new Streak(askedEpoch, answeredEpoch, code, 1, (asked, answered), (asked, answered)));
    }

    public void Add(Streak more)
    {
        if (Find(more.AskedEpoch, more.AnsweredEpoch, more.Code) is { } streak)
            streak.Add(more);
        else
            Begin(more);
    }

    private Streak? Find(int askedEpoch, int answeredEpoch, Code code)
    {
        // Nearly always equal to the last answer.
        if (latest?.Is(askedEpoch, answeredEpoch, code) == true)
            return latest;
        var found = all.FindLast(streak => streak.Is(askedEpoch, answeredEpoch, code));
        latest = found ?? latest;
        return found;
    }

    private void Begin(Streak streak) => all.Add(latest = streak);
}
