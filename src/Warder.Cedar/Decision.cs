using System.Collections;
using Warder.Cedar.Indexing;

namespace Warder.Cedar;

/// <summary>
/// The result of a request: allow or deny, the policies that determined it, and the policies that could not be evaluated.
/// <c>default</c> is deny. (Cedar documentation: "Authorization".)
/// </summary>
public readonly struct Decision
{
    private readonly List<EvaluationError>? _errors;

    internal Decision(bool isAllowed, PolicyList reasons, List<EvaluationError>? errors)
        => (IsAllowed, Reasons, _errors) = (isAllowed, new PolicyIds(reasons), errors);

    /// <summary>Whether the request is allowed.</summary>
    public bool IsAllowed { get; }

    /// <summary>
    /// The ids of the policies that determined the decision, in the order of the policy set: the satisfied permit policies of an allow, the
    /// satisfied forbid policies of a deny. The list is empty when the request is denied because no policy permits it.
    /// </summary>
    public PolicyIds Reasons { get; }

    /// <summary>The policies that could not be evaluated, in the order of the policy set. The decision ignores each of them.</summary>
    public IReadOnlyList<EvaluationError> Errors => (IReadOnlyList<EvaluationError>?)_errors ?? [];

    /// <summary>Formats the decision and its reasons: <c>allow (policy0, policy3)</c>.</summary>
    public override string ToString() => $"{(IsAllowed ? "allow" : "deny")} ({string.Join(", ", Reasons)})";
}

/// <summary>A list of policy ids. The list resolves each id on access, so that a decision allocates nothing for it.</summary>
public readonly struct PolicyIds : IReadOnlyList<string>
{
    private readonly PolicyList _policies;

    internal PolicyIds(PolicyList policies) => _policies = policies;

    /// <summary>The number of ids.</summary>
    public int Count => _policies.Count;

    /// <summary>The id at a zero-based index.</summary>
    public string this[int index] => _policies[index].Policy.Id;

    /// <summary>Enumerates the ids.</summary>
    public IEnumerator<string> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
