using Warder.Cedar.Indexing;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Evaluation;

/// <summary>Collects the results of the evaluated policies.</summary>
internal struct Tally
{
    private const int KeptSteps = 4;

    private PolicyList _permits;
    private PolicyList _forbids;
    private List<EvaluationError>? _errors;
    private bool _isSpent;

    /// <summary>The recorded result of each evaluated policy; null unless the decision is explained.</summary>
    public Dictionary<Policy, Truth>? Seen { get; init; }

    public void Count(IndexedPolicy policy, Truth truth, ref Frame frame)
    {
        // The steps pay for sorting the kept policies at the end.
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

    /// <summary>Records the policy for which no steps remain. No policy after it is evaluated, so there is at most one.</summary>
    public void CountSpent(IndexedPolicy policy, ref Frame frame)
    {
        if (_isSpent)
            return;
        _isSpent = true;
        (_errors ??= []).Add(new EvaluationError(policy, frame.Failure));
    }

    /// <summary>
    /// Computes the decision. It is allow when a policy permits, no policy forbids, and every policy that may apply was evaluated. A failed
    /// policy is ignored and reported.
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
