using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Json;

/// <summary>Asks JSON for the shape that is documented for it, and reports where it has another.</summary>
internal sealed class JsonShape(DiagnosticBag diagnostics)
{
    /// <summary>Whether it is an object whose fields all have one of these names.</summary>
    public bool IsObject(JsonNode node, string what, params ReadOnlySpan<string> names)
    {
        if (!node.IsObject)
            return Fail(node.Span, $"{what} is an object");
        foreach (var field in node.Fields)
        {
            if (names.IndexOf(field.Name) < 0)
                return Fail(field.Span, $"{what} has no field `{field.Name}`", Spelling.Help(field.Name, names.ToArray()));
        }

        return true;
    }

    /// <summary>The field of this name; null when there is none, which was reported.</summary>
    public JsonNode? Field(JsonNode node, string name)
    {
        if (node[name] is { } field)
            return field;
        Fail(node.Span, $"the field `{name}` is missing here");
        return null;
    }

    /// <summary>The field of this name, a string; null when it is none, which was reported.</summary>
    public string? Text(JsonNode node, string name)
    {
        if (Field(node, name) is not { } field)
            return null;
        if (field.IsString)
            return field.Text;
        Fail(field.Span, $"`{name}` is a string");
        return null;
    }

    /// <summary>The elements of an array; null when it is none, which was reported.</summary>
    public JsonNode[]? Items(JsonNode node, string what)
    {
        if (node.IsArray)
            return node.Items;
        Fail(node.Span, $"{what} is an array");
        return null;
    }

    /// <summary>A type's name; null when it is none, which was reported.</summary>
    public EntityTypeName? Type(JsonNode node, string name)
    {
        if (Text(node, name) is not { } text)
            return null;
        if (EntityTypeName.TryParse(text, out var type))
            return type;
        Fail(node[name]!.Span, $"`{text}` is no entity type", "a type is `User` or `Shop::Order`, without blanks and reserved words");
        return null;
    }

    /// <summary>Reports another shape.</summary>
    public bool Fail(SourceSpan span, string message, string? help = null)
    {
        diagnostics.Error(span, SyntaxCodes.InvalidShape, message, help);
        return false;
    }
}
