using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;

namespace Warder.Cedar.Validation;

/// <summary>
/// Validates policies, entities and requests against a schema. Policy validation reports policies that would fail or could never apply. A
/// policy without errors never fails because of a missing attribute or tag or a wrong type. This requires that entities and requests
/// conform to the schema, too. Operands that short-circuiting skips are not checked. (Cedar documentation: "Policy validation", in its
/// strict mode.)
/// </summary>
public static class Validator
{
    /// <summary>
    /// Validates all policies and templates of a set for every kind of request that the schema permits. The codes of errors and warnings
    /// are in <see cref="ValidationCodes"/>. Each diagnostic has its policy and its position. It is reported once for any number of
    /// request kinds. The number of diagnostics of each policy is bounded.
    /// </summary>
    /// <param name="policies">
    /// The policies. For linked policies only the entities in their slots are checked; their templates are checked separately.
    /// </param>
    /// <param name="schema">The schema.</param>
    /// <param name="level">
    /// The maximum distance, 0 or more, from the request to an entity that a policy accesses. Level 1 permits the attributes, tags and
    /// groups of the principal, the action, the resource and of entities in the context. Null means no bound. (Cedar documentation:
    /// "Level validation".)
    /// </param>
    /// <param name="limits">The bounds on the steps, and on the number of errors of each policy.</param>
    public static ValidationResult Validate(PolicySet policies, Schema schema, int? level = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentOutOfRangeException.ThrowIfNegative(level ?? 0);
        limits ??= Limits.Default;
        return Validate(policies, schema, level, limits, new ValidationSteps(limits.ValidationSteps));
    }

    /// <summary>
    /// Checks whether an entity conforms to the schema: its type, id, attributes, tags and the types of its parents. For an action, all
    /// groups must be known, as for an entity from <see cref="Entities"/>. Each error has the path of its cause (<c>attrs.owner</c>).
    /// </summary>
    public static ValidationResult Validate(Entity entity, Schema schema)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(schema);
        var rules = new ConformanceRules(schema);
        return ResultOf(
            entity.Uid.Type.IsAction
                ? rules.CheckAction(entity, (IReadOnlyCollection<EntityUid>?)entity.Ancestors ?? entity.Parents)
                : rules.Check(entity));
    }

    /// <summary>
    /// Checks whether a request conforms to the schema: the action must exist and apply to the types of the principal and the resource,
    /// and the context must have the action's context type.
    /// </summary>
    public static ValidationResult Validate(Request request, Schema schema)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(schema);
        return ResultOf(new ConformanceRules(schema).Check(request));
    }

    internal static ValidationResult Validate(PolicySet policies, Schema schema, int? level, Limits limits, ValidationSteps steps)
    {
        // When the steps run out, the current policy reports it, and later policies are not checked.
        var found = policies.Templates.Select(
            template => PolicyRules.Check(new Findings(template.Id, template.Syntax, limits, steps), template.Syntax, schema, level))
            .Concat(policies.Policies.Select(policy => policy.TemplateId is null
                ? PolicyRules.Check(new Findings(policy.Id, policy.Syntax, limits, steps), policy.Syntax, schema, level)
                : PolicyRules.CheckLink(new Findings(policy.Id, policy.Syntax, limits, steps), policy, schema)));
        var (errors, warnings) = (new List<Diagnostic>(), new List<Diagnostic>());
        foreach (var findings in found)
        {
            foreach (var diagnostic in findings.InOrder)
                (diagnostic.Severity == Severity.Error ? errors : warnings).Add(diagnostic);
            if (steps.AreSpent)
                break;
        }

        return new ValidationResult(errors, warnings);
    }

    private static ValidationResult ResultOf(IEnumerable<Mismatch> mismatches)
        => new([.. mismatches.Take(Limits.Default.Errors).Select(mismatch => mismatch.ToDiagnostic())], []);
}

/// <summary>The result of a validation.</summary>
/// <param name="Errors">The differences of policies, entities or a request from the schema.</param>
/// <param name="Warnings">The suspicious parts of input that conforms to the schema.</param>
public sealed record ValidationResult(IReadOnlyList<Diagnostic> Errors, IReadOnlyList<Diagnostic> Warnings)
{
    /// <summary>Whether there are no errors.</summary>
    public bool IsValid => Errors.Count == 0;
}
