using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Json;

/// <summary>Checks that JSON values have the documented form, and reports errors.</summary>
internal sealed class JsonShape(DiagnosticBag diagnostics)
{
    /// <summary>Checks that a value is an object with no other fields than these.</summary>
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

    /// <summary>Gets a required field. Returns null and reports an error when it is missing.</summary>
    public JsonNode? Field(JsonNode node, string name)
    {
        if (node[name] is { } field)
            return field;
        Fail(node.Span, $"the field `{name}` is missing here");
        return null;
    }

    /// <summary>Gets a required string field. Returns null and reports an error when it is missing or not a string.</summary>
    public string? Text(JsonNode node, string name)
    {
        if (Field(node, name) is not { } field)
            return null;
        if (field.IsString)
            return field.Text;
        Fail(field.Span, $"`{name}` is a string");
        return null;
    }

    /// <summary>Gets the elements of an array. Returns null and reports an error for any other value.</summary>
    public JsonNode[]? Items(JsonNode node, string what)
    {
        if (node.IsArray)
            return node.Items;
        Fail(node.Span, $"{what} is an array");
        return null;
    }

    /// <summary>Gets a required type name. Returns null and reports an error when it is missing or invalid.</summary>
    public EntityTypeName? Type(JsonNode node, string name)
    {
        if (Text(node, name) is not { } text)
            return null;
        if (EntityTypeName.TryParse(text, out var type))
            return type;
        Fail(node[name]!.Span, $"`{text}` is no entity type", "a type is `User` or `Shop::Order`, without blanks and reserved words");
        return null;
    }

    /// <summary>Reports an error about the form of a value.</summary>
    public bool Fail(SourceSpan span, string message, string? help = null)
    {
        diagnostics.Error(span, SyntaxCodes.InvalidShape, message, help);
        return false;
    }
}
