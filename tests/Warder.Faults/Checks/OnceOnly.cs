namespace Warder.Faults.Checks;

/// <summary>
/// The exact test for what ends once and for good, in linear time. What is promised of a key whose issue has returned:
/// <list type="bullet">
/// <item>a validation that begins after a call that ends it has returned is not allowed;</item>
/// <item>a validation that is over before any such call began is not told that it ended;</item>
/// <item>nothing else is ever said of it: it is there from the moment at which its issue returned.</item>
/// </list>
/// Between a call's begin and its return each node may know already or not yet, and may even go back and forth. So a denial proves nothing:
/// only the return of a call does. A call of unknown outcome explains denials from its begin on, and forbids nothing.
/// </summary>
internal static class OnceOnly
{
    /// <summary>The first answer that breaks the promise, and how; null when none does.</summary>
    public static (Answer<TQuestion> Answer, string Why)? Find<TDeed, TQuestion>(
        IReadOnlyCollection<Change<TDeed>> endings, IEnumerable<Answer<TQuestion>> answers)
    {
        var inForce = endings.Select(ending => ending.Returned).DefaultIfEmpty(Change<TDeed>.Never).Min();
        var possible = endings.Select(ending => ending.Called).DefaultIfEmpty(long.MaxValue).Min();
        foreach (var answer in answers)
        {
            var why = answer.Code switch
            {
                Code.Allowed => answer.Asked > inForce ? "was begun after the ending's return, and is allowed" : null,
                Code.Revoked or Code.Expired => answer.Answered < possible ? "was over before any ending was called, and is told of one" : null,
                Code.Unavailable => null,
                _ => "says what is never true of this key",
            };
            if (why is not null)
                return (answer, why);
        }

        return null;
    }
}
