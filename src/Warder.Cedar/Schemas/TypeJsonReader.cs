using Warder.Cedar.Diagnostics;
using Warder.Cedar.Json;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>Parses types in the JSON format of schemas. (Cedar documentation: "JSON schema format", Types.)</summary>
internal sealed class TypeJsonReader(JsonShape shape, DiagnosticBag diagnostics)
{
    private static readonly string[] Meanings = ["String", "Long", "Boolean", "Set", "Record", "Entity", "Extension", "EntityOrCommon"];

    /// <summary>
    /// Parses a type. Returns null when an error was reported. A document, and so a type, is nested at most <see cref="Limits.Depth"/>
    /// deep.
    /// </summary>
    /// <param name="node">An object.</param>
    /// <param name="besides">The permitted fields that do not belong to the type.</param>
    public TypeSyntax? Type(JsonNode node, params ReadOnlySpan<string> besides)
    {
        if (shape.Text(node, "type") is not { } kind)
            return null;
        switch (kind)
        {
            case "String" or "Long" or "Boolean":
                return HasOnly(node, ["type", .. besides])
                    ? new NamedTypeSyntax(node.Span, kind == "Boolean" ? "Bool" : kind, NameMeaning.Builtin)
                    : null;
            case "Set":
                return HasOnly(node, ["type", "element", .. besides]) && shape.Field(node, "element") is { } element
                    && Type(element) is { } inner
                    ? new SetTypeSyntax(node.Span, inner)
                    : null;
            case "Record":
                return HasOnly(node, ["type", "attributes", "additionalAttributes", .. besides]) ? Record(node) : null;
            case "Entity" or "EntityOrCommon":
                return HasOnly(node, ["type", "name", .. besides]) && shape.Field(node, "name") is { } field && Path(field) is { } path
                    ? new NamedTypeSyntax(path.Span, path.Text, kind == "Entity" ? NameMeaning.EntityType : NameMeaning.Any)
                    : null;
            case "Extension":
                return HasOnly(node, ["type", "name", .. besides]) ? Extension(node) : null;
            default:
                return HasOnly(node, ["type", .. besides]) && Path(node["type"]!) is { } name
                    ? new NamedTypeSyntax(name.Span, name.Text, NameMeaning.CommonType)
                    : null;
        }
    }

    /// <summary>Parses a qualified type name. Returns null when an error was reported.</summary>
    public NameSyntax? Path(JsonNode node)
    {
        var text = node.Text.AsSpan();
        if (Identifiers.IsPath(text.StartsWith(Builtins.Prefix) ? text[Builtins.Prefix.Length..] : text))
            return new NameSyntax(node.Text, node.Span);
        shape.Fail(
            node.Span, node.IsString ? $"`{node.Text}` is no type name" : "a type name must be a string",
            Spelling.Help(node.Text, Meanings));
        return null;
    }

    /// <summary>Parses the annotations of an object. Returns null when an error was reported.</summary>
    public SyntaxList<Annotation>? Annotations(JsonNode node)
    {
        if (node["annotations"] is not { } fields)
            return new SyntaxList<Annotation>();
        if (!fields.IsObject)
        {
            shape.Fail(fields.Span, "`annotations` is an object");
            return null;
        }

        var annotations = new List<Annotation>();
        foreach (var field in fields.Fields)
        {
            if (!Identifiers.IsIdentifier(field.Name))
            {
                shape.Fail(
                    field.Span, $"`{field.Name}` is no annotation name",
                    "a name has letters, digits and underscores, and does not start with a digit");
                return null;
            }

            if (field.Value.Kind is not (JsonKind.String or JsonKind.Null))
            {
                shape.Fail(field.Value.Span, $"the annotation `{field.Name}` is a string");
                return null;
            }

            annotations.Add(new Annotation(field.Name, field.Value.IsString ? field.Value.Text : null));
        }

        return [.. annotations];
    }

    private bool HasOnly(JsonNode node, ReadOnlySpan<string> names) => shape.IsObject(node, "this type", names);

    private NamedTypeSyntax? Extension(JsonNode node)
    {
        if (shape.Text(node, "name") is not { } name)
            return null;
        if (Builtins.Extensions.Contains(name))
            return new NamedTypeSyntax(node["name"]!.Span, name, NameMeaning.Builtin);
        diagnostics.Error(
            node["name"]!.Span, SchemaCodes.Undeclared, $"`{name}` is no extension type", Spelling.Help(name, Builtins.Extensions));
        return null;
    }

    private RecordTypeSyntax? Record(JsonNode node)
    {
        if (node["additionalAttributes"] is { Kind: not JsonKind.False } open)
        {
            diagnostics.Error(
                open.Span, open.Kind == JsonKind.True ? SchemaCodes.Unsupported : SyntaxCodes.InvalidShape,
                "a record has only its declared attributes",
                "leave `additionalAttributes` out");
            return null;
        }

        if (shape.Field(node, "attributes") is not { } fields)
            return null;
        if (!fields.IsObject)
        {
            shape.Fail(fields.Span, "`attributes` is an object");
            return null;
        }

        var attributes = new List<AttributeSyntax>(fields.Fields.Length);
        foreach (var field in fields.Fields)
        {
            var required = field.Value["required"];
            if (required is { Kind: not (JsonKind.True or JsonKind.False) })
            {
                shape.Fail(required.Span, "`required` is `true` or `false`");
                return null;
            }

            if (Type(field.Value, "required", "annotations") is not { } type || Annotations(field.Value) is not { } annotations)
                return null;
            attributes.Add(new AttributeSyntax(field.Name, required is not { Kind: JsonKind.False }, type, annotations));
        }

        return new RecordTypeSyntax(node.Span, [.. attributes]);
    }
}
