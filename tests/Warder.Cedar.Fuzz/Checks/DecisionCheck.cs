using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Cedar.Fuzz.Oracle;
using Warder.Cedar.Fuzz.Reference;
using Warder.Cedar.Indexing;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;
using Warder.Cedar.Validation;
using Warder.Cedar.Values;

namespace Warder.Cedar.Fuzz.Checks;

/// <summary>
/// Compares whether all parts are accepted, and the decisions: by the official engine; by Warder.Cedar with its index, without it, and with
/// looked-up entities; by the reference; and by the official engine over Warder.Cedar's output.
/// </summary>
internal sealed class DecisionCheck : Check
{
    // The number of conversions per set: most of the time goes there.
    private const int PoliciesInAllForms = 12;
    private const string Prepared = "policies", Rewritten = "rewritten", Schema = "schema";

    public override void Enqueue(Case given, Questions questions)
    {
        var set = Sets.Read(given);
        var schema = Sets.Schema(given);
        var topic = Sets.IsJson(given) ? "set" : "policies";
        var isComparable = false;
        questions.Enqueue(
            Call.Prepare("preparsePolicySet", Prepared, Sets.Json(given)), answer => isComparable = questions.Agree(topic, answer, set));
        if (schema is not null)
            questions.Enqueue(
                Call.Prepare("preparseSchema", Schema, Sets.SchemaArgument(given)!),
                answer => isComparable = questions.Agree("schema", answer, schema) && isComparable);
        if (!set.Succeeded || schema is { Succeeded: false })
            return;
        if (set.Value.Policies.Count >= 50)
            questions.Note("50 policies");
        foreach (var part in given.All(PartKind.Policy).Concat(given.All(PartKind.Template)).Take(PoliciesInAllForms))
            PolicyForms.Compare(part.Text, part.Kind == PartKind.Template, questions);
        var entities = given.The(PartKind.Entities)?.Text ?? "[]";
        var read = schema?.Value?.ParseEntities(entities) ?? Entities.ParseJson(entities);
        foreach (var (position, request) in given.All(PartKind.Request).Index())
        {
            questions.Enqueue(Authorize(Prepared), answer =>
            {
                if (isComparable)
                    Compare(request, set.Value, schema?.Value, read, answer, questions);
            });
            if (position > 0)
                continue;
            questions.Enqueue(Call.Prepare("preparsePolicySet", Rewritten, set.Value.ToJson()), answer =>
            {
                if (isComparable && !answer.Succeeded)
                    questions.Differ("rewritten set", $"{answer.Errors}\n{set.Value.ToJson()}");
            });
            questions.Enqueue(Authorize(Rewritten), answer =>
            {
                if (isComparable && read.Succeeded)
                    Compare(request, set.Value, schema?.Value, read, answer, questions);
            });

            Call Authorize(string id) => Call.Of("statefulIsAuthorized",
                $"{request.Text[..^1]},{(schema is null ? "" : $"\"preparsedSchemaName\":\"{Schema}\",")}\"preparsedPolicySetId\":\"{id}\","
                    + $"\"entities\":{entities}}}");
        }
    }

    private static void Compare(
        Part part, PolicySet policies, Schema? schema, Parsed<Entities> entities, Answer answer, Questions questions)
    {
        var (request, problem) = entities.Succeeded ? Request(part, schema) : (null, string.Join('\n', entities.Diagnostics));
        if (request is null)
        {
            if (problem is not null)
                questions.Agree("request", answer, succeeded: false, problem);
            return;
        }

        var ours = Authorizer.Decide(policies, request, entities.Value!);
        var words = Identifiers(ours);
        var official = answer.Succeeded ? Identifiers(answer.Node["response"]!) : $"refused: {answer.Errors}";
        if (official != words)
            questions.Differ(
                answer.Succeeded ? "decision" : "request",
                $"{part.Text}\n  official {official}\n  ours     {words}\n  {string.Join("; ", ours.Errors)}");
        questions.Note(ours.IsAllowed ? "allow" : ours.Reasons.Count > 0 ? "deny by forbid" : "deny");
        if (ours.Reasons.Count > 1)
            questions.Note("several reasons");
        if (ours.Errors.Count > 0)
            questions.Note("policy failed");
        Same("unindexed", Identifiers(Authorizer.Decide(PolicyIndex.Flat(policies.Policies), request, entities.Value!, Limits.Default)));
        Same("looked up", Identifiers(Authorizer.Decide(policies, request, new Lookup(entities.Value!))));
        Same("reference", ReferenceEvaluator.Decide(policies.Policies, request, entities.Value!));

        void Same(string way, string decided)
        {
            if (decided != words)
                questions.Differ(way, $"{part.Text}\n  {way} {decided}\n  ours {words}");
        }
    }

    /// <summary>
    /// Returns a request that Warder.Cedar accepts, or its error. Returns neither where the official engine parses a context by the schema
    /// without validation: Warder.Cedar has no such mode.
    /// </summary>
    public static (Request? Request, string? Problem) Request(Part part, Schema? schema)
    {
        using var document = JsonDocument.Parse(part.Text);
        var json = document.RootElement;
        if (Sets.Uid(json.GetProperty("principal")) is not { } principal
            || Sets.Uid(json.GetProperty("action")) is not { } action
            || Sets.Uid(json.GetProperty("resource")) is not { } resource)
            return (null, "not an entity type");
        var text = json.GetProperty("context").GetRawText();
        var context = schema?.ParseContext(action, text) ?? CedarRecord.ParseJson(text);
        var isChecked = schema is not null && json.GetProperty("validateRequest").GetBoolean();
        if (!context.Succeeded)
            return (null, isChecked || schema is null ? string.Join('\n', context.Diagnostics) : null);
        var request = new Request(principal, action, resource, context.Value);
        if (!isChecked)
            return (request, null);
        var result = Validator.Validate(request, schema!);
        return result.IsValid ? (request, null) : (null, string.Join('\n', result.Errors));
    }

    private static string Identifiers(Decision decision)
        => ReferenceEvaluator.Identifiers(decision.IsAllowed, decision.Reasons, decision.Errors.Select(error => error.PolicyId));

    private static string Identifiers(JsonNode response) => ReferenceEvaluator.Identifiers(
        (string?)response["decision"] == "allow",
        response["diagnostics"]!["reason"]!.AsArray().Select(id => (string)id!),
        response["diagnostics"]!["errors"]!.AsArray().Select(error => (string)error!["policyId"]!));

    /// <summary>Returns only the requested entities, as a database would.</summary>
    private sealed class Lookup(Entities entities) : EntitySource
    {
        public override Entity? Find(EntityUid uid)
            => entities.Find(uid) is { } found ? new Entity(uid, found.Attributes, found.Parents, found.Tags) : null;
    }
}
