using System.Text.Json.Nodes;
using Warder.Cedar.Fuzz.Mutations;
using Warder.Cedar.Fuzz.Oracle;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Fuzz.Checks;

/// <summary>Compares whether a schema is accepted, and that it is the same after each conversion by either engine.</summary>
internal sealed class SchemaCheck : Check
{
    public override void Enqueue(Case given, Questions questions)
    {
        var (schema, argument) = (Sets.Schema(given)!, Sets.SchemaArgument(given)!);
        var isText = given.The(PartKind.Schema) is not null;
        questions.Enqueue(Call.Of(isText ? "schemaToJson" : "checkParseSchema", argument), answer =>
        {
            if (!questions.Agree(isText ? "schema" : "schema JSON", answer, schema))
                return;
            if (isText)
                SameJson("schema as JSON", answer, schema.Value!, questions);
            CompareTexts(schema.Value!, argument, questions);
            Same("schema behind JSON", schema.Value!, Schema.ParseJson(schema.Value!.ToJson()), questions);
            questions.Enqueue(Call.Of("checkParseSchema", schema.Value.ToJson()), json =>
            {
                if (!json.Succeeded)
                    questions.Differ("our schema JSON", $"{json.Errors}\n{schema.Value.ToJson()}");
            });
        });
    }

    private static void CompareTexts(Schema schema, string argument, Questions questions)
    {
        var text = schema.ToText();
        questions.Enqueue(Call.Of("schemaToText", argument), official =>
        {
            // The official engine writes some ambiguous names.
            var read = official.Succeeded ? Schema.Parse((string)official.Node["text"]!) : null;
            var isOther = read?.Value is { } other && Meaning(other) != Meaning(schema);
            if (isOther)
                questions.Note("the official text means another schema");
            if (isOther && !text.Succeeded)
                return;
            if (official.Succeeded != text.Succeeded)
            {
                questions.Differ(
                    "schema as text",
                    official.Succeeded
                        ? $"only the official engine writes it: {official.Node["text"]}\n{text.Diagnostics[0]}"
                        : $"only ours writes it: {text.Value}\n{official.Errors}");
                return;
            }

            if (!text.Succeeded)
            {
                questions.Note("schema without text");
                return;
            }

            if (read!.Value is null)
                questions.Differ("official schema text", $"{string.Join('\n', read.Diagnostics)}\n{official.Node["text"]}");
            var ours = Schema.Parse(text.Value!);
            if (ours.Value is null || Meaning(ours.Value) != Meaning(schema))
                questions.Differ("schema behind text", $"{string.Join('\n', ours.Diagnostics)}\n{text.Value}");
            else
                questions.Enqueue(
                    Call.Of("schemaToJson", Call.Text(text.Value!)), json => SameJson("our schema text", json, ours.Value, questions));
        });
    }

    // Describes all declarations, with their resolved names.
    private static string Meaning(Schema schema)
    {
        var types = schema.EntityTypes.Values.Select(type =>
            $"{type.Name} in [{Join(type.MemberOf)}] {Fields(type.Attributes)} tags {(type.Tags is { } tags ? Identifiers(tags) : "")} enum"
                + $" [{Join(type.Ids ?? new HashSet<string>())}] {Join(type.Annotations.Select(Note))}");
        var actions = schema.Actions.Values.Select(action =>
            $"{action.Uid} in [{Join(action.MemberOf)}] "
                + (action.Principals.Count * action.Resources.Count > 0
                    ? $"{Join(action.Principals)} {Join(action.Resources)} {Identifiers(action.Context)}"
                    : "")
                + $" {Join(action.Annotations.Select(Note))}");
        return string.Join('\n', types.Concat(actions).Order(StringComparer.Ordinal));

        // An annotation without a value and one with an empty value have the same text.
        static string Note(Annotation annotation) => $"@{annotation.Name}({annotation.Value})";
        static string Identifiers(CedarType type)
            => type.Element is { } element
                ? $"Set<{Identifiers(element)}>"
                : type.Attributes is { } attributes ? Fields(attributes) : type.ToString();
        static string Fields(IReadOnlyDictionary<string, SchemaAttribute> fields)
            => $"{{{Join(fields.Select(field => $"{field.Key}{(field.Value.IsRequired ? "" : "?")}: {Identifiers(field.Value.Type)}"))}}}";
        static string Join<T>(IEnumerable<T> items) => string.Join(", ", items.Select(item => $"{item}").Order(StringComparer.Ordinal));
    }

    private static void SameJson(string topic, Answer official, Schema ours, Questions questions)
    {
        if (!official.Succeeded || !JsonNode.DeepEquals(official.Node["json"], JsonDocuments.Parse(ours.ToJson())))
            questions.Differ(topic, $"official {official.Json}\n  ours     {ours.ToJson()}");
    }

    private static void Same(string topic, Schema schema, Parsed<Schema> again, Questions questions)
    {
        if (again.Value?.ToJson() != schema.ToJson())
            questions.Differ(topic, $"{string.Join('\n', again.Diagnostics)}\n{schema.ToJson()}\n{again.Value?.ToJson()}");
    }
}
