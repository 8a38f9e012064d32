using System.Text.Json.Nodes;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Fuzz.Oracle;
using Warder.Cedar.Validation;

namespace Warder.Cedar.Fuzz.Checks;

/// <summary>Compares which policies, templates and links fit a schema, and which can never apply.</summary>
internal sealed class ValidationCheck : Check
{
    public override void Enqueue(Case given, Questions questions)
    {
        var (set, schema) = (Sets.Read(given), Sets.Schema(given)!);
        questions.Enqueue(Call.Of("validate", $"{{\"schema\":{Sets.SchemaArgument(given)},\"policies\":{Sets.Json(given)}}}"), answer =>
        {
            var problem = string.Join('\n', [.. set.Diagnostics, .. schema.Diagnostics]);
            if (!questions.Agree("policies", answer, set.Succeeded && schema.Succeeded, problem))
                return;
            var result = Validator.Validate(set.Value!, schema.Value!);
            foreach (var id in set.Value!.Policies.Select(policy => policy.Id).Concat(set.Value.Templates.Select(template => template.Id)))
                Compare(id, answer.Node, result, questions);
        });
    }

    private static void Compare(string id, JsonNode official, ValidationResult ours, Questions questions)
    {
        var expected = Of(official["validationErrors"]!).ToList();
        var errors = ours.Errors.Where(error => error.PolicyId == id).ToList();
        questions.Note(errors.Count == 0 ? "policy valid" : "policy invalid");
        if (expected.Count > 0 != errors.Count > 0)
        {
            questions.Differ(
                errors.Count == 0 ? "accepted by our validator alone" : "refused by our validator alone",
                $"{id}\n  official: {string.Join("\n    ", expected)}\n  ours: {string.Join("\n    ", errors)}");
            return;
        }

        var isImpossible = ours.Warnings.Any(warning => warning.PolicyId == id && warning.Code == ValidationCodes.Impossible);
        if (isImpossible)
            questions.Note("policy impossible");
        if (errors.Count == 0
            && isImpossible != Of(official["validationWarnings"]!).Any(warning => warning.Contains("impossible", StringComparison.Ordinal)))
            questions.Differ("impossible", $"{id}: Warder.Cedar: {isImpossible}");

        IEnumerable<string> Of(JsonNode found) => found.AsArray().Where(it => (string?)it!["policyId"] == id)
            .Select(it => (string)it!["error"]!["message"]!);
    }
}
