using Warder.Cedar.Indexing;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Evaluation;

/// <summary>What the policies that may apply came to.</summary>
internal struct Tally
{
    private const int KeptSteps = 4;

    private PolicyList _permits;
    private PolicyList _forbids;
    private List<EvaluationError>? _errors;
    private bool _isSpent;

    /// <summary>Where it is noted what each policy came to that was looked at; null where nobody asks.</summary>
    public Dictionary<Policy, Truth>? Seen { get; init; }

    public void Count(IndexedPolicy policy, Truth truth, ref Frame frame)
    {
        // What is kept is brought into order in the end.
        if (truth != Truth.False)
            frame.Take(KeptSteps, default);
        Seen?.TryAdd(policy.Policy, frame.IsSpent ? Truth.Failed : truth);
        if (frame.IsSpent)
            CountSpent(policy, ref frame);
        else if (truth == Truth.Failed)
            (_errors ??= []).Add(new EvaluationError(policy, frame.Failure));
        else if (truth == Truth.True && policy.Effect == Effect.Permit)
            _permits.Add(policy);
        else if (truth == Truth.True)
            _forbids.Add(policy);
    }

    /// <summary>Notes the policy for which no steps are left. Behind it none is looked at, so there is one.</summary>
    public void CountSpent(IndexedPolicy policy, ref Frame frame)
    {
        if (_isSpent)
            return;
        _isSpent = true;
        (_errors ??= []).Add(new EvaluationError(policy, frame.Failure));
    }

    /// <summary>
    /// The decision: to allow when a policy permits, none forbids, and every policy that may apply could be looked at. A policy that failed
    /// is as if it were not there, and is reported.
    /// </summary>
    public Decision Decide(bool isExhausted)
    {
        var allowed = _permits.Count > 0 && _forbids.Count == 0 && !isExhausted;
        var reasons = allowed ? _permits : _forbids;
        reasons.Order();
        if (_errors is { Count: > 1 })
            _errors = [.. _errors.OrderBy(error => error.Ordinal).DistinctBy(error => error.Ordinal)];
        return new Decision(allowed, reasons, _errors);
    }
}
