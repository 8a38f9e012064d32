using Warder.Cedar.Schemas;
using Warder.Cedar.Values;

namespace Warder.Cedar.Json;

/// <summary>
/// Parses values in JSON, guided by a schema. Entities and extension values need no escapes, and records have none. The reader does not
/// check that a value conforms to its type; the conformance rules do. (Cedar documentation: "Entities and context syntax".)
/// </summary>
internal sealed class TypedValueJson(ValueJson values)
{
    /// <summary>Parses a value. Returns no value when an error was reported.</summary>
    public Value Read(JsonNode node, CedarType? type) => type?.Kind switch
    {
        ValueKind.Entity => values.Uid(node) is { } uid ? uid : default(Value),
        ValueKind.Set when node.IsArray => Set(node, type.Element!),
        ValueKind.Record when node.IsObject => Record(node, type.Attributes!.GetValueOrDefault) is { } record ? record : default(Value),
        { } kind and (ValueKind.Ip or ValueKind.Decimal or ValueKind.DateTime or ValueKind.Duration) => Extension(node, kind),
        _ => values.Read(node),
    };

    /// <summary>Parses an object as a record with any field names. Returns null when an error was reported.</summary>
    /// <param name="node">The object.</param>
    /// <param name="attributeOf">Returns the attribute of the schema for a field name; null when there is none.</param>
    public CedarRecord? Record(JsonNode node, Func<string, SchemaAttribute?> attributeOf)
    {
        var (names, fields) = (new string[node.Fields.Length], new Value[node.Fields.Length]);
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = node.Fields[i].Name;
            fields[i] = Read(node.Fields[i].Value, attributeOf(names[i])?.Type);
            if (fields[i].IsNone)
                return null;
        }

        // The JSON parser has rejected duplicate names.
        CedarRecord.TryCreate(names, fields, out var record, out _);
        return record;
    }

    private Value Set(JsonNode node, CedarType type)
    {
        var elements = new Value[node.Items.Length];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = Read(node.Items[i], type);
            if (elements[i].IsNone)
                return default;
        }

        return CedarSet.Of(elements);
    }

    // An extension value is the string argument of the type's constructor, or a call of any function, with or without an escape.
    private Value Extension(JsonNode node, ValueKind kind)
    {
        if (node.IsString)
            return values.Call(
                new JsonNode(JsonKind.String, node.Span) { Text = Builtins.ConstructorOf(kind) }, [node], (text, _) => text.Text);
        if (node["__expr"] is { IsString: true })
            return values.Expression(node);
        var call = ValueJson.TryCall(node["__extn"]) ?? ValueJson.TryCall(node);
        return call is var (function, arguments) ? values.Call(function, arguments, Argument) : values.Read(node);
    }

    private Value Argument(JsonNode node, ValueKind kind)
        => kind is ValueKind.Ip or ValueKind.Decimal or ValueKind.DateTime or ValueKind.Duration
            ? Extension(node, kind)
            : values.Read(node);
}
