using System.Collections;
using Warder.Cedar.Indexing;

namespace Warder.Cedar;

/// <summary>
/// Whether a request is allowed, because of which policies, and which policies could not be evaluated. What is not allowed is denied: so is
/// <c>default</c>. (Cedar documentation: "Authorization".)
/// </summary>
public readonly struct Decision
{
    private readonly List<EvaluationError>? _errors;

    internal Decision(bool isAllowed, PolicyList reasons, List<EvaluationError>? errors) => (IsAllowed, Reasons, _errors) = (isAllowed, new PolicyIds(reasons), errors);

    /// <summary>Whether it is allowed.</summary>
    public bool IsAllowed { get; }

    /// <summary>
    /// The ids of the policies that decided it, in the order of their set: of those that permit when it is allowed, and of those that
    /// forbid when it is denied. None when it is denied because nothing permits it.
    /// </summary>
    public PolicyIds Reasons { get; }

    /// <summary>The policies that could not be evaluated, in the order of their set. Each was left out.</summary>
    public IReadOnlyList<EvaluationError> Errors => (IReadOnlyList<EvaluationError>?)_errors ?? [];

    /// <summary>The decision and its reasons: <c>allow (policy0, policy3)</c>.</summary>
    public override string ToString() => $"{(IsAllowed ? "allow" : "deny")} ({string.Join(", ", Reasons)})";
}

/// <summary>Ids of policies. They are looked up as they are asked for, so that a decision allocates nothing for them.</summary>
public readonly struct PolicyIds : IReadOnlyList<string>
{
    private readonly PolicyList _policies;

    internal PolicyIds(PolicyList policies) => _policies = policies;

    /// <summary>How many there are.</summary>
    public int Count => _policies.Count;

    /// <summary>The one at a place, from 0.</summary>
    public string this[int index] => _policies[index].Policy.Id;

    /// <summary>The ids.</summary>
    public IEnumerator<string> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
