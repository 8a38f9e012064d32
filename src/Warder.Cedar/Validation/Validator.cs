using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;

namespace Warder.Cedar.Validation;

/// <summary>
/// Finds policies that do not fit a schema: that would fail, or could never apply. A policy without errors never fails for want of an
/// attribute or a tag or because of a type, as long as entities and requests fit the schema, too. What short-circuiting keeps from being
/// evaluated is not looked at. (Cedar documentation: "Policy validation", in its strict mode.)
/// </summary>
public static class Validator
{
    /// <summary>
    /// Checks all policies and templates of a set for every kind of request that the schema allows. The errors and warnings are of <see
    /// cref="ValidationCodes"/>, and say in which policy, and where in its text, they are; each is there once, for however many kinds of
    /// requests, and of each policy up to the bound.
    /// </summary>
    /// <param name="policies">
    /// What to check. Of linked policies, what fills their slots is checked; their templates are checked by themselves.
    /// </param>
    /// <param name="schema">Measured by what.</param>
    /// <param name="level">How many steps from the request policies may look at entities, 0 or more: 1 is the attributes, tags and groups
    /// of the principal, the action, the resource and of entities in the context. Null: however far. (Cedar documentation: "Level
    /// validation".)</param>
    /// <param name="limits">How much is done, and how many errors of each policy are reported.</param>
    public static ValidationResult Validate(PolicySet policies, Schema schema, int? level = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentOutOfRangeException.ThrowIfNegative(level ?? 0);
        limits ??= Limits.Default;
        return Validate(policies, schema, level, limits, new ValidationSteps(limits.ValidationSteps));
    }

    /// <summary>
    /// Checks whether an entity is as the schema says: its type, id, attributes, tags and the types of its parents. Of actions, all groups
    /// have to be known: they are where the entity comes from <see cref="Entities"/>. Errors have the path to what is wrong
    /// (<c>attrs.owner</c>).
    /// </summary>
    public static ValidationResult Validate(Entity entity, Schema schema)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(schema);
        var rules = new ConformanceRules(schema);
        return ResultOf(entity.Uid.Type.IsAction ? rules.CheckAction(entity, (IReadOnlyCollection<EntityUid>?)entity.Ancestors ?? entity.Parents) : rules.Check(entity));
    }

    /// <summary>
    /// Checks whether a request is as the schema says: that there is such an action, for principals and resources of these types, with this
    /// context.
    /// </summary>
    public static ValidationResult Validate(Request request, Schema schema)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(schema);
        return ResultOf(new ConformanceRules(schema).Check(request));
    }

    internal static ValidationResult Validate(PolicySet policies, Schema schema, int? level, Limits limits, ValidationSteps steps)
    {
        // Where the steps end, the policy at hand says so, and those behind are not looked at.
        var found = policies.Templates.Select(template => PolicyRules.Check(new Findings(template.Id, template.Syntax, limits, steps), template.Syntax, schema, level))
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

/// <summary>What came of validation.</summary>
/// <param name="Errors">Why policies, entities or a request do not fit the schema.</param>
/// <param name="Warnings">What is odd, and yet fits.</param>
public sealed record ValidationResult(IReadOnlyList<Diagnostic> Errors, IReadOnlyList<Diagnostic> Warnings)
{
    /// <summary>Whether there are no errors.</summary>
    public bool IsValid => Errors.Count == 0;
}
