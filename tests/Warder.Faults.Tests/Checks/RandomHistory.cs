using Warder.Faults.Checks;

namespace Warder.Faults.Tests.Checks;

/// <summary>
/// Generates a small history: up to four changes and five answers. The generator keeps the promise, with commits at random times and nodes
/// that lag within its limits; then, in most histories, it alters some answers or times.
/// </summary>
internal sealed class RandomHistory<TOperation, TQuestion>
{
    public RandomHistory(
        Random random, Model<TOperation, TQuestion> model, Func<Random, TOperation> operation, Func<Random, TQuestion> question,
        long horizon)
    {
        List<(Change<TOperation> Change, long At)> commits = [];
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var (called, returned) = Interval(random, horizon);
            var at = called + random.NextInt64(returned - called + 1);
            commits.Add((new Change<TOperation>(operation(random), called, random.Next(5) == 0 ? Change<TOperation>.Never : returned), at));
        }

        commits = [.. commits.OrderBy(commit => commit.At)];
        List<ulong> states = [model.Initial];
        List<(Change<TOperation> Change, long At)> made = [];
        foreach (var commit in commits)
        {
            if (model.After(states[^1], commit.Change.Operation) is not { } state)
                continue;
            states.Add(state);
            made.Add(commit);
        }

        Changes = [.. made.Select(commit => commit.Change).OrderBy(_ => random.Next())];
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var (requested, answered) = Interval(random, horizon);
            var least = made.FindLastIndex(commit => commit.Change.Returned < requested) + 1;
            var most = made.FindLastIndex(commit => commit.At <= answered) + 1;
            var presented = question(random);
            Answers.Add(
                new Answer<TQuestion>(
                    presented, model.CodeOf(states[random.Next(least, Math.Max(least, most) + 1)], presented), requested, answered));
        }

        for (var i = random.Next(5); i > 0; i--)
            Alter(random, model, horizon);
    }

    public List<Change<TOperation>> Changes { get; }

    public List<Answer<TQuestion>> Answers { get; } = [];

    public override string ToString()
        => string.Join('\n', [.. Changes.Select(change => $"{change}"), .. Answers.Select(answer => $"{answer}")]);

    private void Alter(Random random, Model<TOperation, TQuestion> model, long horizon)
    {
        var i = random.Next(Answers.Count);
        var (begin, end) = Interval(random, horizon);
        switch (random.Next(3))
        {
            case 0:
                Answers[i] = Answers[i] with { Requested = begin, Answered = end };
                break;
            case 1 when Changes.Count > 0:
                var state = model.After(model.Initial, Changes[random.Next(Changes.Count)].Operation) ?? model.Initial;
                Answers[i] = Answers[i] with { Code = model.CodeOf(state, Answers[i].Question) };
                break;
            case 2 when Changes.Count > 0:
                var which = random.Next(Changes.Count);
                Changes[which] = Changes[which] with { Called = begin, Returned = end };
                break;
        }
    }

    private static (long Begin, long End) Interval(Random random, long horizon)
    {
        var begin = random.NextInt64(horizon);
        return (begin, begin + random.NextInt64(Math.Min(4, horizon - begin + 1)));
    }
}
