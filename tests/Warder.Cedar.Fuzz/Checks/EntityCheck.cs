using System.Text.Json;
using Warder.Cedar.Fuzz.Oracle;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Fuzz.Checks;

/// <summary>
/// Compares whether entities and contexts are accepted, with a schema or without. Where they are, the official engine checks each value
/// that Warder.Cedar read.
/// </summary>
internal sealed class EntityCheck : Check
{
    private const string ProbeEntity = """{"type":"Probe","id":""}""";

    public override void Enqueue(Case given, Questions questions)
    {
        var schema = Sets.Schema(given);
        if (schema is { Succeeded: false })
            return;
        var with = schema is null ? "" : $",\"schema\":{Sets.SchemaArgument(given)}";
        if (given.The(PartKind.Entities) is { } entities)
        {
            var read = schema?.Value!.ParseEntities(entities.Text) ?? Entities.ParseJson(entities.Text);
            questions.Enqueue(Call.Of("checkParseEntities", $"{{\"entities\":{entities.Text}{with}}}"), answer =>
            {
                // With a schema, only its actions are possible, and of these only some with an empty context.
                var action = schema is null ? ProbeEntity : schema.Value!.Actions.Values.Where(
                    it => it.Context.Attributes!.Values.All(attribute => !attribute.IsRequired))
                    .Select(it => $"{{\"type\":{Call.Text(it.Uid.Type.Text)},\"id\":{Call.Text(it.Uid.Id)}}}").FirstOrDefault();
                if (questions.Agree("entities", answer, read) && action is not null)
                    Probe("entity values", read.Value!.SelectMany(Probes), entities.Text, "{}", action, with, questions);
            });
            if (read.Succeeded && !Same(read.Value, Entities.ParseJson(read.Value.ToJson()).Value))
                questions.Differ("entities behind JSON", read.Value.ToJson());
        }

        foreach (var request in given.All(PartKind.Request))
            Context(request, schema?.Value, with, questions);
    }

    private static bool Same(Entities entities, Entities? again) => again?.Count == entities.Count && entities.All(entity =>
        again.Find(entity.Uid) is { } other
            && (entity.Attributes, entity.Tags).Equals((other.Attributes, other.Tags))
            && other.Parents.ToHashSet().SetEquals(entity.Parents));

    private static void Context(Part part, Schema? schema, string with, Questions questions)
    {
        using var document = JsonDocument.Parse(part.Text);
        if (!document.RootElement.TryGetProperty("action", out var action)
            || !document.RootElement.TryGetProperty("context", out var given)
            || Sets.Uid(action) is not { } uid)
            return;
        var (text, name) = (given.GetRawText(), action.GetRawText());
        var read = schema?.ParseContext(uid, text) ?? CedarRecord.ParseJson(text);
        var call = $"{{\"context\":{text}{with}{(schema is null ? "" : $",\"action\":{name}")}}}";
        questions.Enqueue(Call.Of("checkParseContext", call), answer =>
        {
            if (questions.Agree("context", answer, read))
                Probe("context values", [$"context == {(Value)read.Value!}"], "[]", text, name, with, questions);
        });
    }

    // States Warder.Cedar's values as conditions that hold. They cover all possible names.
    private static IEnumerable<string> Probes(Entity entity)
    {
        var uid = entity.Uid;
        foreach (var name in entity.Attributes.Keys.Concat(Literals.Names))
            yield return entity.Attributes.TryGetValue(name, out var value)
                ? $"{uid}[{Quote(name)}] == {value}"
                : $"!({uid} has {Quote(name)})";
        foreach (var name in entity.Tags.Keys.Concat(Literals.Texts.Take(5)))
            yield return entity.Tags.TryGetValue(name, out var value)
                ? $"{uid}.getTag({Quote(name)}) == {value}"
                : $"!{uid}.hasTag({Quote(name)})";
        foreach (var parent in entity.Parents)
            yield return $"{uid} in {parent}";
    }

    private static string Quote(string text) => ((Value)text).ToString();

    // In policies of a limited number of conditions, all of which must hold: a chain is nested, and the official engine supports little
    // nesting.
    private static void Probe(
        string topic, IEnumerable<string> conditions, string entities, string context, string action, string with, Questions questions)
    {
        var policies = conditions.Chunk(20).Select(
            chunk => $"permit(principal, action, resource) when {{ {string.Join("\n&& ", chunk)} }};").ToList();
        var call =
            $"{{\"principal\":{ProbeEntity},\"action\":{action},\"resource\":{ProbeEntity},\"context\":{context},"
                + $"\"validateRequest\":false{with},"
            + $"\"policies\":{{\"staticPolicies\":{Call.Text(string.Join('\n', policies))}}},\"entities\":{entities}}}";
        questions.Enqueue(Call.Of("isAuthorized", call), answer =>
        {
            if (!answer.Succeeded || answer.Node["response"]!["diagnostics"]!["reason"]!.AsArray().Count != policies.Count)
                questions.Differ(topic, $"{answer.Json}\n{string.Join('\n', policies)}");
        });
    }
}
