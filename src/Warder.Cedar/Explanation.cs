using System.Text;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar;

/// <summary>The outcome of one policy in a decision.</summary>
public enum PolicyOutcome
{
    /// <summary>The policy's scope matches the request and all its conditions hold: the policy permits or forbids.</summary>
    Satisfied,

    /// <summary>The policy's scope does not match the request. Its conditions have no influence.</summary>
    OutOfScope,

    /// <summary>The policy's scope matches the request, and one of its conditions does not hold.</summary>
    ConditionNotMet,

    /// <summary>The policy could not be evaluated, and the decision ignores it.</summary>
    Failed,
}

/// <summary>The reasons for a decision: the outcome of each policy, and the part of the policy that caused it. Immutable.</summary>
public sealed class Explanation
{
    internal Explanation(Decision decision, IReadOnlyList<PolicyExplanation> policies) => (Decision, Policies) = (decision, policies);

    /// <summary>The decision, as <see cref="Authorizer.Decide(PolicySet, Request, EntitySource, Limits)"/> makes it.</summary>
    public Decision Decision { get; }

    /// <summary>The explanations of all policies, in the order of the policy set.</summary>
    public IReadOnlyList<PolicyExplanation> Policies { get; }

    /// <summary>Formats the decision, followed by one line for each policy whose scope matches the request.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Decision.ToString());
        foreach (var policy in Policies.Where(policy => policy.Outcome != PolicyOutcome.OutOfScope))
            text.Append('\n').Append(policy);
        return text.ToString();
    }
}

/// <summary>The outcome of one policy in a decision, and its cause. Immutable.</summary>
public sealed class PolicyExplanation
{
    internal PolicyExplanation(Policy policy, PolicyOutcome outcome, bool isCandidate)
        => (Policy, Outcome, IsCandidate) = (policy, outcome, isCandidate);

    /// <summary>The policy.</summary>
    public Policy Policy { get; }

    /// <summary>The id of the policy.</summary>
    public string PolicyId => Policy.Id;

    /// <summary>The outcome of the policy.</summary>
    public PolicyOutcome Outcome { get; }

    /// <summary>
    /// Whether the decision evaluated the policy. The index of policy scopes excludes every other policy at no cost.
    /// </summary>
    public bool IsCandidate { get; }

    /// <summary>The parts of the request that an out-of-scope policy does not match; empty for every other outcome.</summary>
    public IReadOnlyList<Variable> Mismatches { get; internal init; } = [];

    /// <summary>
    /// The condition that does not hold or could not be evaluated; null when there is no such condition, and when the decision ran out of
    /// steps before the condition.
    /// </summary>
    public Condition? Condition { get; internal init; }

    /// <summary>
    /// The smallest subexpression of the condition that caused the outcome. In <c>a &amp;&amp; b</c> it is the operand that is false. In
    /// <c>a || b</c> it is the operand that is true, if one operand determined the value alone. For a failed policy it is the subexpression
    /// that has no value although all its operands have one. Null when <see cref="Condition"/> is null.
    /// </summary>
    public Expression? Expression { get; internal init; }

    /// <summary>The value of <see cref="Expression"/>; <c>default</c> for a failed policy.</summary>
    public Value Value { get; internal init; }

    /// <summary>
    /// The reads of <see cref="Expression"/> with their values, for example <c>resource.owner</c> and the owner. Each read is listed
    /// once, in the order of the text.
    /// </summary>
    public IReadOnlyList<ExpressionValue> Values { get; internal init; } = [];

    /// <summary>The evaluation error; null when the policy was evaluated.</summary>
    public EvaluationError? Error { get; internal init; }

    /// <summary>Formats the policy id and the outcome in one line.</summary>
    public override string ToString() => Outcome switch
    {
        PolicyOutcome.Satisfied => $"{PolicyId}: {(Policy.Effect == Effect.Permit ? "permits" : "forbids")}",
        PolicyOutcome.OutOfScope
            => $"{PolicyId}: its scope is about another {string.Join(" and another ", Mismatches.Select(PolicyText.Name))}",
        PolicyOutcome.ConditionNotMet
            => $"{PolicyId}: its condition is not met: {Condition!.Kind.ToString().ToLowerInvariant()} {Expression}",
        _ => Error!.ToString(),
    };
}

/// <summary>An expression and its value.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Value">The value.</param>
public sealed record ExpressionValue(Expression Expression, Value Value);
