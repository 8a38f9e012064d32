namespace Warder.Faults.Checks;

/// <summary>
/// Checks, exactly and in linear time, a key that ends once and for good. The promise, from the return of the key's issue on:
/// <list type="bullet">
/// <item>a validation that begins after a call that ends the key has returned is not allowed;</item>
/// <item>a validation that is over before any such call began does not get the code of an ended key;</item>
/// <item>no validation gets another code: the key exists from the moment at which its issue returned.</item>
/// </list>
/// Between a call's begin and its return each node may have applied it or not, and may alternate. So a denial proves nothing; only the
/// return of a call does. A call of unknown outcome explains denials from its begin on, and forbids nothing.
/// </summary>
internal static class OnceOnly
{
    /// <summary>Finds the first answer that breaks the promise, with the violation; null when none does.</summary>
    public static (Answer<TQuestion> Answer, string Why)? Find<TOperation, TQuestion>(
        IReadOnlyCollection<Change<TOperation>> endings, IEnumerable<Answer<TQuestion>> answers)
    {
        var inForce = endings.Select(ending => ending.Returned).DefaultIfEmpty(Change<TOperation>.Never).Min();
        var possible = endings.Select(ending => ending.Called).DefaultIfEmpty(long.MaxValue).Min();
        foreach (var answer in answers)
        {
            var why = answer.Code switch
            {
                Code.Allowed => answer.Requested > inForce ? "was begun after the ending's return, and is allowed" : null,
                Code.Revoked or Code.Expired
                    => answer.Answered < possible ? "was over before any ending was called, and reports one" : null,
                Code.Unavailable => null,
                _ => "reports a state that this key never has",
            };
            if (why is not null)
                return (answer, why);
        }

        return null;
    }
}
