using System.Text;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar;

/// <summary>What a policy came to in a decision.</summary>
public enum PolicyOutcome
{
    /// <summary>Its scope is that of the request, and all its conditions hold: it permits or forbids.</summary>
    Satisfied,

    /// <summary>Its scope is about something else: it could not apply, whatever its conditions say.</summary>
    OutOfScope,

    /// <summary>Its scope is that of the request, and one of its conditions does not hold.</summary>
    ConditionNotMet,

    /// <summary>It could not be evaluated, and the decision was made as if it were not there.</summary>
    Failed,
}

/// <summary>Why a decision is as it is: what each policy came to, and what in it settled that. Immutable.</summary>
public sealed class Explanation
{
    internal Explanation(Decision decision, IReadOnlyList<PolicyExplanation> policies) => (Decision, Policies) = (decision, policies);

    /// <summary>The decision: the same that <see cref="Authorizer.Decide(PolicySet, Request, EntitySource, Limits)"/> makes.</summary>
    public Decision Decision { get; }

    /// <summary>All policies, in the order of their set.</summary>
    public IReadOnlyList<PolicyExplanation> Policies { get; }

    /// <summary>The decision, and below it a line for each policy whose scope is that of the request.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Decision.ToString());
        foreach (var policy in Policies.Where(policy => policy.Outcome != PolicyOutcome.OutOfScope))
            text.Append('\n').Append(policy);
        return text.ToString();
    }
}

/// <summary>What one policy came to in a decision, and why. Immutable.</summary>
public sealed class PolicyExplanation
{
    internal PolicyExplanation(Policy policy, PolicyOutcome outcome, bool isCandidate)
        => (Policy, Outcome, IsCandidate) = (policy, outcome, isCandidate);

    /// <summary>The policy.</summary>
    public Policy Policy { get; }

    /// <summary>Its id.</summary>
    public string PolicyId => Policy.Id;

    /// <summary>What it came to.</summary>
    public PolicyOutcome Outcome { get; }

    /// <summary>
    /// Whether the decision looked at it. The others are left out by the index of the policies' scopes, and cost nothing.
    /// </summary>
    public bool IsCandidate { get; }

    /// <summary>Of one that is out of scope, the parts of the request that its scope is not about; else none.</summary>
    public IReadOnlyList<Variable> Mismatches { get; internal init; } = [];

    /// <summary>
    /// The condition that does not hold, or could not be evaluated; null when there is none, and when the decision had no steps left for
    /// it.
    /// </summary>
    public Condition? Condition { get; internal init; }

    /// <summary>
    /// The smallest part of the condition that settled it: in <c>a &amp;&amp; b</c> the operand that is false, in <c>a || b</c> the one
    /// that is true, if one settled it alone; of a policy that failed, the part that has no value though all its operands have. Null where
    /// <see cref="Condition"/> is.
    /// </summary>
    public Expression? Expression { get; internal init; }

    /// <summary>What that part came to; no value of a policy that failed.</summary>
    public Value Value { get; internal init; }

    /// <summary>
    /// What that part looked at, and what it found there: <c>resource.owner</c>, and who that is. Each once, in the order of the text.
    /// </summary>
    public IReadOnlyList<ExpressionValue> Values { get; internal init; } = [];

    /// <summary>Why it could not be evaluated; null when it could.</summary>
    public EvaluationError? Error { get; internal init; }

    /// <summary>The policy and what it came to, in one line.</summary>
    public override string ToString() => Outcome switch
    {
        PolicyOutcome.Satisfied => $"{PolicyId}: {(Policy.Effect == Effect.Permit ? "permits" : "forbids")}",
        PolicyOutcome.OutOfScope => $"{PolicyId}: its scope is about another {string.Join(" and another ", Mismatches.Select(PolicyText.Name))}",
        PolicyOutcome.ConditionNotMet => $"{PolicyId}: its condition is not met: {Condition!.Kind.ToString().ToLowerInvariant()} {Expression}",
        _ => Error!.ToString(),
    };
}

/// <summary>What an expression came to.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Value">Its value.</param>
public sealed record ExpressionValue(Expression Expression, Value Value);
