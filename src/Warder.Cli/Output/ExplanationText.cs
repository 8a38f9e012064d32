using System.Text.Json.Nodes;
using Warder.Cedar;
using Warder.Cedar.Syntax;

namespace Warder.Cli.Output;

/// <summary>Prints explanations of decisions.</summary>
internal static class ExplanationText
{
    private const int ValueCharacters = 200;
    private const int IdsARow = 10;
    private const int PoliciesShown = 25;

    /// <summary>States the decision and its policies in one sentence.</summary>
    public static string Sentence(Decision decision) => decision switch
    {
        { IsAllowed: true } => $"allow: {Ids(decision.Reasons)} {Verb(decision.Reasons.Count, "permit")} it.",
        { Reasons.Count: > 0 } => $"deny: {Ids(decision.Reasons)} {Verb(decision.Reasons.Count, "forbid")} it.",
        _ => "deny: no policy permits it.",
    };

    /// <summary>
    /// Prints the outcomes of the policies in scope, those whose conditions are not met last: some of them, or all.
    /// </summary>
    public static void Print(TextWriter output, Explanation explanation, bool isAll, string indent = "")
    {
        var policies = explanation.Policies.Where(policy => policy.Outcome != PolicyOutcome.OutOfScope)
            .OrderBy(policy => policy.Outcome == PolicyOutcome.ConditionNotMet).ToList();
        foreach (var policy in isAll ? policies : policies.Take(PoliciesShown))
            Print(output, policy, indent);
        if (!isAll && policies.Count > PoliciesShown)
            output.WriteLine($"{indent}and {policies.Count - PoliciesShown} more (warder policy explain --all)");
    }

    /// <summary>Prints the policies out of scope, by the parts of the scope that do not match: some of each kind, or all.</summary>
    public static void PrintOutOfScope(TextWriter output, Explanation explanation, bool isAll)
    {
        var outOfScope = explanation.Policies.Where(policy => policy.Outcome == PolicyOutcome.OutOfScope)
            .ToLookup(policy => Parts(policy.Mismatches));
        var candidates = explanation.Policies.Count(policy => policy.IsCandidate);
        var all = Printer.Count(explanation.Policies.Count, "policy", "policies");
        output.WriteLine($"The index led to {candidates} of {all}. Out of scope:{(outOfScope.Count == 0 ? " none." : "")}");
        foreach (var kind in outOfScope)
        {
            var shown = isAll ? kind.Count() : IdsARow;
            var rest = kind.Count() > shown ? $" and {kind.Count() - shown} more (--all)" : "";
            DiagnosticText.Lines(output, $"  another {kind.Key}: {Ids(kind.Take(shown).Select(policy => policy.PolicyId))}{rest}");
        }
    }

    /// <summary>Writes an explanation in JSON.</summary>
    public static JsonObject Json(Explanation explanation) => new()
    {
        ["decision"] = explanation.Decision.IsAllowed ? "allow" : "deny",
        ["reasons"] = Strings(explanation.Decision.Reasons),
        ["errors"] = Errors(explanation.Decision),
        ["policies"] = new JsonArray([.. explanation.Policies.Select(Json)]),
    };

    /// <summary>Writes the errors of the policies that failed, in JSON.</summary>
    public static JsonArray Errors(Decision decision)
        => [.. decision.Errors.Select(error => new JsonObject
        {
            ["policy_id"] = error.PolicyId,
            ["code"] = error.Code,
            ["message"] = error.Message,
        })];

    /// <summary>Writes texts in JSON.</summary>
    public static JsonArray Strings(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];

    private static void Print(TextWriter output, PolicyExplanation policy, string indent)
    {
        DiagnosticText.Lines(output, $"{policy.PolicyId} {Outcome(policy)}", indent);
        if (Place(policy) is { } place)
            DiagnosticText.Lines(output, place, indent + "  ");
        else if (policy.Expression is not null)
            DiagnosticText.Lines(output, $"{Word(policy.Condition!.Kind)} {{ {policy.Expression} }}", indent + "  ");
        foreach (var (expression, value) in policy.Values)
            DiagnosticText.Lines(output, $"{expression} is {Short(value.ToString())}", indent + "  ");
    }

    private static string Outcome(PolicyExplanation policy) => policy.Outcome switch
    {
        PolicyOutcome.Satisfied => $"{(policy.Policy.Effect == Effect.Permit ? "permits" : "forbids")} it",
        PolicyOutcome.ConditionNotMet
            => $"does not {(policy.Policy.Effect == Effect.Permit ? "permit" : "forbid")} it: "
                + $"in `{Word(policy.Condition!.Kind)}`, this is {policy.Value}",
        _ => $"failed, and is left out: {policy.Error!.Message}",
    };

    private static string? Place(PolicyExplanation policy)
    {
        if (policy.Policy.Syntax is not { Source: { } source } syntax)
            return null;
        var span = policy.Expression?.Span ?? syntax.Span;
        var (line, column) = source.Locate(span.Start);
        var place = $"{source.File}:{line}:{column}";
        return policy.Expression is null ? place : $"{place}\n{source.Excerpt(span)}";
    }

    private static JsonObject Json(PolicyExplanation policy)
    {
        var source = policy.Policy.Syntax.Source;
        var (line, column) = source?.Locate((policy.Expression?.Span ?? policy.Policy.Syntax.Span).Start) ?? default;
        return new JsonObject
        {
            ["id"] = policy.PolicyId,
            ["effect"] = policy.Policy.Effect == Effect.Permit ? "permit" : "forbid",
            ["outcome"] = policy.Outcome switch
            {
                PolicyOutcome.Satisfied => "satisfied",
                PolicyOutcome.OutOfScope => "out_of_scope",
                PolicyOutcome.ConditionNotMet => "condition_not_met",
                _ => "failed",
            },
            ["candidate"] = policy.IsCandidate,
            ["mismatches"] = Strings(policy.Mismatches.Select(Word)),
            ["file"] = source?.File,
            ["line"] = source is null ? null : line,
            ["column"] = source is null ? null : column,
            ["condition"] = policy.Condition is { } condition ? Word(condition.Kind) : null,
            ["expression"] = policy.Expression?.ToString(),
            ["value"] = policy.Value.IsNone ? null : policy.Value.ToString(),
            ["values"] = new JsonArray([.. policy.Values.Select(it => new JsonObject
            {
                ["expression"] = it.Expression.ToString(),
                ["value"] = it.Value.ToString(),
            })]),
            ["error"] = policy.Error is { } error ? new JsonObject { ["code"] = error.Code, ["message"] = error.Message } : null,
        };
    }

    private static string Parts(IReadOnlyList<Variable> parts) => string.Join(" and another ", parts.Select(Word));

    private static string Word<T>(T word)
        where T : struct, Enum
        => word.ToString().ToLowerInvariant();

    private static string Ids(IEnumerable<string> ids) => string.Join(", ", ids);

    private static string Verb(int count, string verb) => count == 1 ? verb + "s" : verb;

    private static string Short(string text) => text.Length <= ValueCharacters ? text : text[..ValueCharacters] + "…";
}
