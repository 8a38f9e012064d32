using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Validation;

/// <summary>Validates one policy, or one template for any entities in its slots.</summary>
internal static class PolicyRules
{
    private const string NothingApplies = "no action applies to the principals and resources of the scope",
        NeverTrue = "the policy applies to no request that conforms to the schema";

    // The steps of creating a request kind and comparing it with the scope, and of creating a type checker for a matching one.
    private const int RequestSteps = 3, CheckerSteps = 5;

    public static Findings Check(Findings findings, PolicySyntax policy, Schema schema, int? level)
    {
        new NameRules(schema, findings).Check(policy);
        CheckRequests(policy, schema, findings, null);

        // Levels are checked only for policies without errors.
        if (level is { } most && !findings.HasErrors)
            CheckRequests(policy, schema, findings, new LevelRules(most, schema, findings));
        return findings;
    }

    /// <summary>Validates a link. Its template is validated separately.</summary>
    public static Findings CheckLink(Findings findings, Policy policy, Schema schema)
    {
        var steps = RequestSteps + policy.Syntax.Action.Entities.Count;
        if (!findings.Spend(steps))
            return findings;
        var names = new NameRules(schema, findings);
        names.CheckLink(policy.PrincipalLink, policy.Syntax.Principal.Span);
        names.CheckLink(policy.ResourceLink, policy.Syntax.Resource.Span);
        var scope = new ScopeRules(schema, policy.Syntax with { Principal = policy.Principal, Resource = policy.Resource }, null, null);
        if (!RequestShape.AllOf(schema).TakeWhile(_ => findings.Spend(steps)).Any(scope.Fits))
            findings.Warning(ValidationCodes.NoApplicableAction, NothingApplies);
        return findings;
    }

    private static void CheckRequests(PolicySyntax policy, Schema schema, Findings findings, LevelRules? levels)
    {
        if (!findings.Spend(policy.Action.Entities.Count))
            return;
        var scope = new ScopeRules(schema, policy, findings, levels);
        var (applies, mayBeTrue) = (false, false);
        foreach (var request in RequestShape.AllOf(schema))
        {
            if (!findings.Spend(RequestSteps + policy.Action.Entities.Count))
                return;
            if (!scope.Fits(request))
                continue;
            applies = true;
            if (!findings.Spend(CheckerSteps))
                return;
            mayBeTrue |= CheckConditions(policy, schema, request, findings, levels);
        }

        if (!applies)
            findings.Warning(ValidationCodes.NoApplicableAction, NothingApplies);
        if (!mayBeTrue && !findings.HasErrors)
            findings.Warning(ValidationCodes.Impossible, NeverTrue);
    }

    // Whether all conditions may be true. Conditions form a chain: a later condition may use the capabilities of an earlier one, and
    // conditions after a false one are not checked.
    private static bool CheckConditions(PolicySyntax policy, Schema schema, RequestShape request, Findings findings, LevelRules? levels)
    {
        var types = levels is null ? null : new Dictionary<Expression, CedarType>(ReferenceEqualityComparer.Instance);
        var checker = new Typechecker(schema, request, findings) { Types = types };
        var known = Capabilities.None;
        foreach (var condition in policy.Conditions)
        {
            var typed = checker.Expect(condition.Body, ValueKind.Bool, known);
            levels?.Check(condition.Body, types!, request.Action.Uid);
            if (typed.Type?.Constant == (condition.Kind == ConditionKind.Unless))
                return false;
            if (condition.Kind == ConditionKind.When)
                known = checker.Union(known, typed.Gained);
        }

        return true;
    }
}
