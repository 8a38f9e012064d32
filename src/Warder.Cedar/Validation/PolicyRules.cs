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

    public static PolicyDiagnostics Check(PolicyDiagnostics diagnostics, PolicySyntax policy, Schema schema, int? level)
    {
        new NameRules(schema, diagnostics).Check(policy);
        CheckRequests(policy, schema, diagnostics, null);

        // Levels are checked only for policies without errors.
        if (level is { } most && !diagnostics.HasErrors)
            CheckRequests(policy, schema, diagnostics, new LevelRules(most, schema, diagnostics));
        return diagnostics;
    }

    /// <summary>Validates a link. Its template is validated separately.</summary>
    public static PolicyDiagnostics CheckLink(PolicyDiagnostics diagnostics, Policy policy, Schema schema)
    {
        var steps = RequestSteps + policy.Syntax.Action.Entities.Count;
        if (!diagnostics.Spend(steps))
            return diagnostics;
        var names = new NameRules(schema, diagnostics);
        names.CheckLink(policy.PrincipalLink, policy.Syntax.Principal.Span);
        names.CheckLink(policy.ResourceLink, policy.Syntax.Resource.Span);
        var scope = new ScopeRules(schema, policy.Syntax with { Principal = policy.Principal, Resource = policy.Resource }, null, null);
        if (!RequestShape.AllOf(schema).TakeWhile(_ => diagnostics.Spend(steps)).Any(scope.Fits))
            diagnostics.Warning(ValidationCodes.NoApplicableAction, NothingApplies);
        return diagnostics;
    }

    private static void CheckRequests(PolicySyntax policy, Schema schema, PolicyDiagnostics diagnostics, LevelRules? levels)
    {
        if (!diagnostics.Spend(policy.Action.Entities.Count))
            return;
        var scope = new ScopeRules(schema, policy, diagnostics, levels);
        var (applies, mayBeTrue) = (false, false);
        foreach (var request in RequestShape.AllOf(schema))
        {
            if (!diagnostics.Spend(RequestSteps + policy.Action.Entities.Count))
                return;
            if (!scope.Fits(request))
                continue;
            applies = true;
            if (!diagnostics.Spend(CheckerSteps))
                return;
            mayBeTrue |= CheckConditions(policy, schema, request, diagnostics, levels);
        }

        if (!applies)
            diagnostics.Warning(ValidationCodes.NoApplicableAction, NothingApplies);
        if (!mayBeTrue && !diagnostics.HasErrors)
            diagnostics.Warning(ValidationCodes.Impossible, NeverTrue);
    }

    // Whether all conditions may be true. Conditions form a chain: a later condition may use the capabilities of an earlier one, and
    // conditions after a false one are not checked.
    private static bool CheckConditions(
        PolicySyntax policy, Schema schema, RequestShape request, PolicyDiagnostics diagnostics, LevelRules? levels)
    {
        var types = levels is null ? null : new Dictionary<Expression, CedarType>(ReferenceEqualityComparer.Instance);
        var checker = new Typechecker(schema, request, diagnostics) { Types = types };
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
