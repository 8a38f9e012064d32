using Warder.Cedar.Json;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>Formats schemas as JSON. (Cedar documentation: "JSON schema format".)</summary>
internal sealed class SchemaJsonWriter
{
    private readonly JsonWriter _json = new();

    private SchemaJsonWriter()
    {
    }

    public static string Write(IReadOnlyCollection<NamespaceSyntax> namespaces)
    {
        var writer = new SchemaJsonWriter();
        writer._json.Begin('{');
        foreach (var space in namespaces)
            writer.Write(space);
        return writer._json.End('}').ToString();
    }

    private void Write(NamespaceSyntax space)
    {
        _json.Name(space.Name).Begin('{');
        if (space.CommonTypes.Count > 0)
        {
            _json.Name("commonTypes").Begin('{');
            foreach (var type in space.CommonTypes)
                WriteType(type.Name.Text, type.Type, type.Annotations);
            _json.End('}');
        }

        _json.Name("entityTypes").Begin('{');
        foreach (var type in space.EntityTypes)
            Write(type);
        _json.End('}').Name("actions").Begin('{');
        foreach (var action in space.Actions)
            Write(action);
        _json.End('}');
        WriteAnnotations(space.Annotations);
        _json.End('}');
    }

    private void Write(EntityTypeSyntax type)
    {
        _json.Name(type.Name.Text).Begin('{');
        if (type.Ids is { } ids)
            WriteStrings("enum", ids);
        if (type.MemberOf.Count > 0)
            WriteStrings("memberOfTypes", type.MemberOf.Select(name => name.Text));
        WriteUnlessEmpty("shape", type.Shape);
        if (type.Tags is { } tags)
            WriteType("tags", tags, default);
        WriteAnnotations(type.Annotations);
        _json.End('}');
    }

    private void Write(ActionSyntax action)
    {
        _json.Name(action.Name.Text).Begin('{').Name("appliesTo").Begin('{');
        WriteStrings("principalTypes", action.Principals.Select(name => name.Text));
        WriteStrings("resourceTypes", action.Resources.Select(name => name.Text));
        WriteUnlessEmpty("context", action.Context);
        _json.End('}');
        if (action.MemberOf.Count > 0)
        {
            _json.Name("memberOf").Begin('[');
            foreach (var parent in action.MemberOf)
            {
                _json.Begin('{').Name("id").Text(parent.Id);
                if (parent.Type is not null)
                    _json.Name("type").Text(parent.Type);
                _json.End('}');
            }

            _json.End(']');
        }

        WriteAnnotations(action.Annotations);
        _json.End('}');
    }

    // An empty record is the default, and is omitted.
    private void WriteUnlessEmpty(string name, TypeSyntax? type)
    {
        if (type is not null and not RecordTypeSyntax { Attributes.Count: 0 })
            WriteType(name, type, default);
    }

    private void WriteType(string name, TypeSyntax type, SyntaxList<Annotation> annotations, bool isRequired = true)
    {
        _json.Name(name).Begin('{').Name("type");
        switch (type)
        {
            case SetTypeSyntax set:
                _json.Text("Set");
                WriteType("element", set.Element, default);
                break;
            case RecordTypeSyntax record:
                _json.Text("Record").Name("attributes").Begin('{');
                foreach (var attribute in record.Attributes)
                    WriteType(attribute.Name, attribute.Type, attribute.Annotations, attribute.IsRequired);
                _json.End('}');
                break;
            default:
                WriteName((NamedTypeSyntax)type);
                break;
        }

        if (!isRequired)
            _json.Name("required").Word(false);
        WriteAnnotations(annotations);
        _json.End('}');
    }

    private void WriteName(NamedTypeSyntax type)
    {
        var isExtension = type.Meaning == NameMeaning.Builtin && Builtins.Extensions.Contains(type.Name);
        _json.Text(type.Meaning switch
        {
            NameMeaning.Any => "EntityOrCommon",
            NameMeaning.EntityType => "Entity",
            NameMeaning.Builtin when isExtension => "Extension",
            NameMeaning.Builtin when type.Name == "Bool" => "Boolean",
            _ => type.Name,
        });
        if (type.Meaning is NameMeaning.Any or NameMeaning.EntityType || isExtension)
            _json.Name("name").Text(type.Name);
    }

    private void WriteAnnotations(SyntaxList<Annotation> annotations)
    {
        if (annotations.Count == 0)
            return;
        _json.Name("annotations").Begin('{');
        foreach (var annotation in annotations)
            _json.Name(annotation.Name).Text(annotation.Value ?? "");
        _json.End('}');
    }

    private void WriteStrings(string name, IEnumerable<string> values)
    {
        _json.Name(name).Begin('[');
        foreach (var value in values)
            _json.Text(value);
        _json.End(']');
    }
}
