using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Json;

/// <summary>Parses entities in JSON. (Cedar documentation: "Entities and context syntax".)</summary>
internal sealed class EntityJson(ValueJson values, EntityTyping? typing, DiagnosticBag diagnostics)
{
    /// <summary>Parses all entities of a document. The entities are meaningless when there are errors.</summary>
    /// <param name="source">The document.</param>
    /// <param name="schema">The schema that types values and that entities must conform to; null without a schema.</param>
    /// <param name="limits">The bounds on the input.</param>
    public static (List<Entity> Entities, IReadOnlyList<Diagnostic> Errors) ReadAll(SourceText source, Schema? schema, Limits limits)
    {
        var diagnostics = new DiagnosticBag(source, limits.Errors);
        var entities = new List<Entity>();
        if (JsonText.Parse(source, limits, diagnostics) is { } document)
        {
            var values = new ValueJson(limits, diagnostics);
            new EntityJson(values, schema is null ? null : new EntityTyping(schema, values, diagnostics), diagnostics)
                .Read(document, entities);
        }

        return (entities, diagnostics.Found);
    }

    private void Read(JsonNode document, List<Entity> entities)
    {
        if (!document.IsArray)
        {
            Error(document, "an array of entities is expected");
            return;
        }

        foreach (var item in document.Items)
        {
            if (diagnostics.IsFull)
                return;
            if (Entity(item.WithNames("uid", "attrs", "parents", "tags")) is { } entity)
                entities.Add(entity);
        }
    }

    private Entity? Entity(JsonNode node)
    {
        if (node["uid"] is not { } name)
            return Error(node, "an entity with a `uid` is expected", "an entity is `{\"uid\": …, \"attrs\": {…}, \"parents\": […]}`");
        if (values.Uid(name) is not { } uid || Record(node, "attrs", uid, isOptional: false) is not { } attributes
            || Record(node, "tags", uid, isOptional: true) is not { } tags || Parents(node) is not { } parents)
            return null;
        var entity = new Entity(uid, attributes, parents, tags);
        typing?.Check(entity, node);
        return entity;
    }

    private CedarRecord? Record(JsonNode node, string name, EntityUid uid, bool isOptional)
    {
        if (node[name] is not { } record)
        {
            if (isOptional)
                return CedarRecord.Empty;
            Error(node, $"this entity has no `{name}`", "an empty object is `{}`");
            return null;
        }

        if (record.IsObject)
            return typing is null
                ? values.Record(record)
                : isOptional ? typing.Tags(record, uid.Type)
                : typing.Attributes(record, uid.Type);
        Error(record, $"`{name}` is an object");
        return null;
    }

    private List<EntityUid>? Parents(JsonNode node)
    {
        if (node["parents"] is not { IsArray: true } list)
        {
            Error(node["parents"] ?? node, "`parents` must be an array of entity uids", "an empty array is `[]`");
            return null;
        }

        var parents = new List<EntityUid>(list.Items.Length);
        foreach (var item in list.Items)
        {
            if (values.Uid(item) is not { } parent)
                return null;
            parents.Add(parent);
        }

        return parents;
    }

    private Entity? Error(JsonNode node, string message, string? help = null)
    {
        diagnostics.Error(node.Span, SyntaxCodes.InvalidShape, message, help);
        return null;
    }
}
