using Warder.Cedar.Diagnostics;
using Warder.Cedar.Indexing;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Evaluation;

/// <summary>
/// Explains a decision. The explainer records the result of each policy during the decision, and then evaluates each policy again by
/// itself. The explanation therefore cannot differ from the decision.
/// </summary>
internal static class Explainer
{
    public static Explanation Explain(PolicySet policies, Request request, EntitySource entities, Limits limits)
    {
        var frame = new Frame(request, entities, limits.EvaluationSteps);
        var seen = new Dictionary<Policy, Truth>();
        var tally = new Tally { Seen = seen };
        policies.Index.Evaluate(ref frame, ref tally);
        var decision = tally.Decide(frame.IsExhausted);
        var errors = decision.Errors.ToDictionary(error => error.Policy);
        var explained = new List<PolicyExplanation>(policies.Policies.Count);
        frame.Renew(limits.EvaluationSteps);
        foreach (var policy in policies.Policies)
        {
            var isCandidate = seen.TryGetValue(policy, out var truth);
            explained.Add(truth == Truth.True
                ? new PolicyExplanation(policy, PolicyOutcome.Satisfied, isCandidate)
                : WhyNot(policy, errors.GetValueOrDefault(policy), isCandidate, ref frame));
        }

        return new Explanation(decision, explained);
    }

    private static PolicyExplanation WhyNot(Policy policy, EvaluationError? error, bool isCandidate, ref Frame frame)
    {
        // The evaluation stopped before the end of the policy, so no expression can be named.
        if (error?.Code == EvaluationCodes.LimitExceeded)
            return new PolicyExplanation(policy, PolicyOutcome.Failed, isCandidate) { Error = error };
        if (!frame.Take(1 + policy.Syntax.Action.Entities.Count, default))
            return OutOfSteps(policy, isCandidate);
        var mismatches = error is null ? IndexedPolicy.Alone(policy).Mismatches(ref frame) : [];
        if (mismatches.Count > 0 && !frame.IsSpent)
            return new PolicyExplanation(policy, PolicyOutcome.OutOfScope, isCandidate) { Mismatches = mismatches };

        // A decision that ran out of steps evaluates no later policy. The explainer compiles the conditions again, which takes steps too.
        if (!isCandidate || !frame.Take(policy.Syntax.Conditions.Sum(condition => condition.Body.Size), default))
            return OutOfSteps(policy, isCandidate);
        var trace = new Trace();
        Rule.Of(policy.Syntax, trace).Test(ref frame);
        if (frame.IsSpent)
            return OutOfSteps(policy, isCandidate);
        var condition = trace.Unmet(policy.Syntax.Conditions)!;
        var expression = trace.Settling(condition.Body);
        return new PolicyExplanation(policy, error is null ? PolicyOutcome.ConditionNotMet : PolicyOutcome.Failed, isCandidate)
        {
            Condition = condition,
            Expression = expression,
            Value = error is null ? trace.ValueOf(expression) : default,
            Values = trace.Observed(expression),
            Error = error,
        };
    }

    private static PolicyExplanation OutOfSteps(Policy policy, bool isCandidate)
        => new(policy, PolicyOutcome.Failed, isCandidate)
        {
            Error = new EvaluationError(IndexedPolicy.Alone(policy), Failure.OutOfSteps(default)),
        };
}
