using Warder.Faults.Checks;

namespace Warder.Faults.Tests.Checks;

/// <summary>
/// States the promise literally, without regard for speed. It tries every order of the changes, with every possible commit time of each.
/// Each answer needs a state that was committed by the time of its arrival, and that contains all changes that had returned before its
/// request.
/// </summary>
internal static class Exhaustion
{
    public static bool Explains<TOperation, TQuestion>(
        Model<TOperation, TQuestion> model, IReadOnlyList<Change<TOperation>> changes, IReadOnlyList<Answer<TQuestion>> answers,
        long horizon)
    {
        List<(Change<TOperation>? Change, long At, ulong State)> commits = [(null, 0, model.Initial)];

        // Two changes may be equal in all fields, and are still two.
        int Place(Change<TOperation> change) => commits.FindIndex(commit => ReferenceEquals(commit.Change, change));
        bool IsIn(Change<TOperation> change) => Place(change) >= 0;

        bool Extend()
        {
            if (changes.Where(change => change.HasReturned).All(IsIn) && answers.All(Explained))
                return true;
            foreach (var change in changes.Where(change => !IsIn(change)))
            {
                if (model.After(commits[^1].State, change.Operation) is not { } state)
                    continue;
                for (var at = Math.Max(commits[^1].At, change.Called); at <= Math.Min(change.Returned, horizon); at++)
                {
                    commits.Add((change, at, state));
                    if (Extend())
                        return true;
                    commits.RemoveAt(commits.Count - 1);
                }
            }

            return false;
        }

        bool Explained(Answer<TQuestion> answer)
        {
            for (var last = 0; last < commits.Count; last++)
            {
                var isThere = commits[last].At <= answer.Answered;
                var hasAll = changes.Where(change => change.Returned < answer.Requested)
                    .All(change => Place(change) is >= 0 and var place && place <= last);
                if (isThere && hasAll && model.CodeOf(commits[last].State, answer.Question) == answer.Code)
                    return true;
            }

            return false;
        }

        return Extend();
    }
}
