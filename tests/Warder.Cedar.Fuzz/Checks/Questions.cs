using Warder.Cedar.Fuzz.Oracle;

namespace Warder.Cedar.Fuzz.Checks;

/// <summary>Collects the official engine's calls for one case, the handlers of their answers, and the differences.</summary>
internal sealed class Questions(Features features)
{
    private readonly List<(Call Call, Action<Answer> Judge)> _open = [];
    private readonly List<Difference> _differences = [];

    /// <summary>Makes all calls of a case, in as many rounds as necessary.</summary>
    public static async Task<IReadOnlyList<Difference>> About(Case given, OfficialEngine engine, Features features)
    {
        var questions = new Questions(features);
        try
        {
            given.Check.Enqueue(given, questions);
            while (questions._open.Count > 0)
            {
                var round = questions._open.ToArray();
                questions._open.Clear();
                var answers = await engine.CallAsync([.. round.Select(question => question.Call)]).ConfigureAwait(false);
                foreach (var (question, answer) in round.Zip(answers))
                {
                    if (answer.IsBreakdown)
                        features.Note("the official engine broke down");
                    else
                        question.Judge(answer);
                }
            }
        }
        catch (Exception e) when (e is not EngineLostException)
        {
            questions.Differ($"exception {e.GetType().Name}: {e.Message}", e.ToString());
        }

        return questions._differences;
    }

    public void Enqueue(Call call, Action<Answer> judge) => _open.Add((call, judge));

    public void Differ(string topic, string words) => _differences.Add(new Difference(topic, words));

    public void Note(string feature) => features.Note(feature);

    /// <summary>Compares whether both accept; returns true when both do.</summary>
    public bool Agree<T>(string what, Answer official, Parsed<T> ours)
        where T : class
        => Agree(what, official, ours.Succeeded, string.Join('\n', ours.Diagnostics));

    /// <summary>Compares whether both accept; returns true when both do.</summary>
    public bool Agree(string what, Answer official, bool succeeded, string problem)
    {
        if (official.Succeeded != succeeded)
        {
            Differ(
                what,
                official.Succeeded
                    ? $"accepted by the official engine, and not by ours: {problem}"
                    : $"accepted by our engine, and not by the official: {official.Errors}");
            return false;
        }

        Note(succeeded ? $"{what} accepted" : $"{what} refused by both");
        return succeeded;
    }
}
