using Warder.Cedar.Schemas;
using Warder.Cedar.Values;

namespace Warder.Cedar.Json;

/// <summary>
/// Reads values from JSON where a schema tells what is meant: entities and extension values need no escapes, and records have none. Whether
/// what was read is of the type is for others to say. (Cedar documentation: "Entities and context syntax".)
/// </summary>
internal sealed class TypedValueJson(ValueJson values)
{
    /// <summary>A value; none when it was reported.</summary>
    public Value Read(JsonNode node, CedarType? type) => type?.Kind switch
    {
        ValueKind.Entity => values.Uid(node) is { } uid ? uid : default(Value),
        ValueKind.Set when node.IsArray => Set(node, type.Element!),
        ValueKind.Record when node.IsObject => Record(node, type.Attributes!.GetValueOrDefault) is { } record ? record : default(Value),
        { } kind and (ValueKind.Ip or ValueKind.Decimal or ValueKind.DateTime or ValueKind.Duration) => Extension(node, kind),
        _ => values.Read(node),
    };

    /// <summary>An object as a record, whatever the names of its fields; null when it was reported.</summary>
    /// <param name="node">The object.</param>
    /// <param name="attributeOf">What the schema says of a field; null when nothing.</param>
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

        // JSON objects have no name twice.
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

    // The text that the type's own function takes, or a call of any function, with an escape around it or without.
    private Value Extension(JsonNode node, ValueKind kind)
    {
        if (node.IsString)
            return values.Call(new JsonNode(JsonKind.String, node.Span) { Text = Builtins.ConstructorOf(kind) }, [node], (text, _) => text.Text);
        if (node["__expr"] is { IsString: true })
            return values.Expression(node);
        var call = ValueJson.TryCall(node["__extn"]) ?? ValueJson.TryCall(node);
        return call is var (function, arguments) ? values.Call(function, arguments, Argument) : values.Read(node);
    }

    private Value Argument(JsonNode node, ValueKind kind)
        => kind is ValueKind.Ip or ValueKind.Decimal or ValueKind.DateTime or ValueKind.Duration ? Extension(node, kind) : values.Read(node);
}
