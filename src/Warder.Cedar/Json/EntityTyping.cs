using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;
using Warder.Cedar.Validation;
using Warder.Cedar.Values;

namespace Warder.Cedar.Json;

/// <summary>Parses and checks entities in JSON, guided by a schema.</summary>
internal sealed class EntityTyping(Schema schema, ValueJson values, DiagnosticBag diagnostics)
{
    private readonly TypedValueJson _values = new(values);
    private readonly ConformanceRules _rules = new(schema);

    /// <summary>Parses and checks the context of an action's requests.</summary>
    public static Parsed<CedarRecord> ReadContext(SourceText source, Schema schema, SchemaAction action, Limits limits)
    {
        var diagnostics = new DiagnosticBag(source, limits.Errors);
        if (JsonText.Parse(source, limits, diagnostics) is { } document)
        {
            var typing = new EntityTyping(schema, new ValueJson(limits, diagnostics), diagnostics);
            var context = document.IsObject ? typing._values.Record(document, action.Context.Attributes!.GetValueOrDefault) : null;
            if (context is not null)
                typing.Report(typing._rules.CheckContext(context, action), document);
            else if (!document.IsObject)
                diagnostics.Error(document.Span, SyntaxCodes.InvalidShape, "a record is expected");
            if (!diagnostics.HasErrors)
                return new Parsed<CedarRecord>(context!);
        }

        return new Parsed<CedarRecord>(diagnostics.Found);
    }

    public CedarRecord? Attributes(JsonNode node, EntityTypeName type)
        => _values.Record(node, name => schema.EntityTypes.GetValueOrDefault(type)?.Attributes.GetValueOrDefault(name));

    public CedarRecord? Tags(JsonNode node, EntityTypeName type)
    {
        var tag = schema.EntityTypes.GetValueOrDefault(type)?.Tags is { } tags ? new SchemaAttribute(tags, IsRequired: false) : null;
        return _values.Record(node, _ => tag);
    }

    /// <summary>
    /// Reports the differences of an entity from the schema at their positions. Of an action, only its existence is checked here: its
    /// groups are known only after all entities were read.
    /// </summary>
    public void Check(Entity entity, JsonNode node) => Report(_rules.Check(entity), node);

    private void Report(IEnumerable<Mismatch> mismatches, JsonNode root)
    {
        foreach (var mismatch in mismatches)
        {
            if (diagnostics.IsFull)
                return;
            var at = root;
            foreach (var step in mismatch.Path)
            {
                // Elements of sets have no names, and a missing attribute has no position. The error then points at the enclosing value.
                if (at[step] is not { } next)
                    break;
                at = next;
            }

            diagnostics.Error(at.Span, mismatch.Code, mismatch.Message, mismatch.Help);
        }
    }
}
