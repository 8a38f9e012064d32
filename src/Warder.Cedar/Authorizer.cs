using Warder.Cedar.Evaluation;
using Warder.Cedar.Indexing;

namespace Warder.Cedar;

/// <summary>Decides. (Cedar documentation: "Authorization".)</summary>
public static class Authorizer
{
    /// <summary>
    /// Decides a request: it is allowed when some policy permits it and none forbids it. A policy whose evaluation fails is left out, and
    /// reported in the decision. Nothing throws, but what an entity source of your own throws.
    /// </summary>
    /// <param name="policies">The policies.</param>
    /// <param name="request">What is to be decided.</param>
    /// <param name="entities">What is known of the entities in it, and of those that policies come to from there.</param>
    /// <param name="limits">
    /// How many steps the decision may take. One that takes more is to deny, whatever permits, for a policy that could not be looked at
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
    /// Decides as <see cref="Decide(PolicySet, Request, EntitySource, Limits)"/> does, and says why: of each policy, whether it applied,
    /// and if not, which part of its scope or which part of which condition settled that. It looks at every policy, so it takes long where
    /// there are many, and more where they are long.
    /// </summary>
    /// <param name="policies">The policies.</param>
    /// <param name="request">What is to be decided.</param>
    /// <param name="entities">
    /// As for a decision. Each is asked for once for the decision and all that is said of it; those that only other policies look at, too.
    /// </param>
    /// <param name="limits">As for a decision; all that is said of it is found within as many steps once more.</param>
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
