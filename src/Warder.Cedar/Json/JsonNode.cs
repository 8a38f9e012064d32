using System.Text;
using Warder.Cedar.Parsing;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Json;

/// <summary>The kinds of JSON values.</summary>
internal enum JsonKind : byte
{
    Null,
    True,
    False,

    /// <summary>An integer within a signed 64-bit integer, without a fraction or exponent.</summary>
    Integer,

    /// <summary>Any other number. Cedar has no such values.</summary>
    Number,
    String,
    Array,
    Object,
}

/// <summary>A JSON value and its position. The field names of an object are unique.</summary>
internal sealed class JsonNode(JsonKind kind, SourceSpan span)
{
    public JsonKind Kind { get; } = kind;

    public SourceSpan Span { get; } = span;

    /// <summary>The content of a string; empty for any other kind.</summary>
    public string Text { get; init; } = "";

    /// <summary>The value of an integer; 0 for any other kind.</summary>
    public long Integer { get; init; }

    /// <summary>The elements of an array; empty for any other kind.</summary>
    public JsonNode[] Items { get; init; } = [];

    /// <summary>The fields of an object in their order; empty for any other kind.</summary>
    public JsonField[] Fields { get; init; } = [];

    public bool IsString => Kind == JsonKind.String;

    public bool IsObject => Kind == JsonKind.Object;

    public bool IsArray => Kind == JsonKind.Array;

    /// <summary>
    /// Converts an array to an object whose fields have these names in order. The array may be shorter than the names. Any other value is
    /// returned unchanged. The official engine accepts both forms wherever the set of fields is fixed.
    /// </summary>
    public JsonNode WithNames(params ReadOnlySpan<string> names)
    {
        if (!IsArray || Items.Length > names.Length)
            return this;
        var fields = new JsonField[Items.Length];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = new JsonField(names[i], Items[i].Span, Items[i]);
        return new JsonNode(JsonKind.Object, Span) { Fields = fields };
    }

    /// <summary>Returns the path from this value to a position within it: <c>[0].attrs.owner</c>; empty for the value itself.</summary>
    public string PathTo(SourceSpan span)
    {
        var path = new StringBuilder();
        for (var node = this; node is not null;)
        {
            var at = Array.FindIndex(node.Items, item => item.Span.Start <= span.Start && span.End <= item.Span.End);
            var field = Array.Find(node.Fields, field => field.Span.Start <= span.Start && span.End <= field.Value.Span.End);
            if (at >= 0)
                path.Append('[').Append(at).Append(']');
            else if (field.Value is not null)
                path.Append(Identifiers.IsIdentifier(field.Name) ? $".{field.Name}" : $"[{StringLiteral.Quote(field.Name)}]");
            node = at >= 0 ? node.Items[at] : field.Value;
        }

        return path.ToString().TrimStart('.');
    }

    /// <summary>The field with a name; null when there is none.</summary>
    public JsonNode? this[string name]
    {
        get
        {
            foreach (ref readonly var field in Fields.AsSpan())
            {
                if (field.Name == name)
                    return field.Value;
            }

            return null;
        }
    }
}

/// <summary>A field of an object.</summary>
internal readonly record struct JsonField(string Name, SourceSpan Span, JsonNode Value);
