using Warder.Cedar.Evaluation;
using Warder.Cedar.Indexing;

namespace Warder.Cedar;

/// <summary>Decides authorization requests against a policy set. (Cedar documentation: "Authorization".)</summary>
public static class Authorizer
{
    /// <summary>
    /// Decides a request. The decision is allow when at least one policy permits and no policy forbids. A policy whose evaluation fails is
    /// skipped and reported in <see cref="Decision.Errors"/>. Only an exception of a custom entity source ends the decision.
    /// </summary>
    /// <param name="policies">The policies.</param>
    /// <param name="request">The request to decide.</param>
    /// <param name="entities">The source of the entities that the request names or that policies reach from them.</param>
    /// <param name="limits">
    /// The bound on evaluation steps. A decision that exceeds the bound is deny, even if a policy permits, because an unevaluated policy
    /// might forbid.
    /// </param>
    public static Decision Decide(PolicySet policies, Request request, EntitySource entities, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(entities);
        return Decide(policies.Index, request, entities, limits ?? Limits.Default);
    }

    /// <summary>
    /// Decides as <see cref="Decide(PolicySet, Request, EntitySource, Limits)"/> does, and explains the decision. The explanation states
    /// for each policy whether it applied, and otherwise which part of its scope or condition excluded it. The method evaluates every
    /// policy, so its run time grows with the number and the length of the policies.
    /// </summary>
    /// <param name="policies">The policies.</param>
    /// <param name="request">The request to decide.</param>
    /// <param name="entities">
    /// The source of entities, as for a decision. The call looks each entity up once, including entities that only excluded policies read.
    /// </param>
    /// <param name="limits">The limits, as for a decision. The explanation has a step budget of the same size as the decision's.</param>
    public static Explanation Explain(PolicySet policies, Request request, EntitySource entities, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(entities);
        return Explainer.Explain(policies, request, entities, limits ?? Limits.Default);
    }

    internal static Decision Decide(PolicyIndex policies, Request request, EntitySource entities, Limits limits)
    {
        var frame = new Frame(request, entities, limits.EvaluationSteps);
        var tally = default(Tally);
        policies.Evaluate(ref frame, ref tally);
        return tally.Decide(frame.IsExhausted);
    }
}
