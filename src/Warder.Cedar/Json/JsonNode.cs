using System.Text;
using Warder.Cedar.Parsing;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Json;

/// <summary>What a piece of JSON is.</summary>
internal enum JsonKind : byte
{
    Null,
    True,
    False,

    /// <summary>An integer that 64 bits hold with its sign, written without fraction or exponent.</summary>
    Integer,

    /// <summary>Any other number: Cedar has none of those.</summary>
    Number,
    String,
    Array,
    Object,
}

/// <summary>A piece of JSON, with its place. Objects have no name twice.</summary>
internal sealed class JsonNode(JsonKind kind, SourceSpan span)
{
    public JsonKind Kind { get; } = kind;

    public SourceSpan Span { get; } = span;

    /// <summary>A string's content; else nothing.</summary>
    public string Text { get; init; } = "";

    /// <summary>An integer's value; else 0.</summary>
    public long Integer { get; init; }

    /// <summary>An array's elements; else none.</summary>
    public JsonNode[] Items { get; init; } = [];

    /// <summary>An object's fields in their order; else none.</summary>
    public JsonField[] Fields { get; init; } = [];

    public bool IsString => Kind == JsonKind.String;

    public bool IsObject => Kind == JsonKind.Object;

    public bool IsArray => Kind == JsonKind.Array;

    /// <summary>
    /// An array as the object whose fields it gives in the order of these names, which may all be there or the first of them only; anything
    /// else as it is. The official engine reads what has a fixed set of fields in both forms.
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

    /// <summary>Where in this piece another stands: <c>[0].attrs.owner</c>; nothing for the piece itself.</summary>
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

    /// <summary>The field of this name; null when there is none.</summary>
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
