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
