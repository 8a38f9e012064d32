using System.Text;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Parsing;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>Formats schemas in Cedar's syntax. (Cedar documentation: "Schema grammar".)</summary>
internal sealed class SchemaTextWriter(IReadOnlyCollection<NamespaceSyntax> namespaces)
{
    private readonly StringBuilder _text = new();
    private readonly List<Diagnostic> _problems = [];
    private string _indent = "";

    public static Parsed<string> Write(IReadOnlyCollection<NamespaceSyntax> namespaces)
    {
        var writer = new SchemaTextWriter(namespaces);
        foreach (var space in namespaces)
            writer.Append(space);
        return writer._problems.Count > 0 ? new Parsed<string>(writer._problems) : new Parsed<string>(writer._text.ToString());
    }

    private void Append(NamespaceSyntax space)
    {
        AppendAnnotations(space.Annotations);
        if (space.Name.Length > 0)
            _text.Append("namespace ").Append(space.Name).Append(" {\n");
        _indent = space.Name.Length > 0 ? "  " : "";
        foreach (var type in space.CommonTypes)
        {
            AppendAnnotations(type.Annotations);
            _text.Append(_indent).Append("type ").Append(type.Name.Text).Append(" = ");
            AppendType(type.Type, space);
            _text.Append(";\n");
        }

        foreach (var type in space.EntityTypes)
        {
            Append(type, space);

            // In a namespace such a pair has no text form, even without a reference to the name. The official engine behaves the same.
            if (space.Name.Length > 0 && space.CommonTypes.Exists(common => common.Name.Text == type.Name.Text))
                NotConvertible($"`{space.Qualify(type.Name.Text)}` is an entity type and a common type");
        }

        foreach (var action in space.Actions)
            Append(action, space);
        _indent = "";
        if (space.Name.Length > 0)
            _text.Append("}\n");
    }

    private void Append(EntityTypeSyntax type, NamespaceSyntax space)
    {
        AppendAnnotations(type.Annotations);
        _text.Append(_indent).Append("entity ").Append(type.Name.Text);
        if (type.Ids is { } ids)
            AppendList(" enum ", ids.Select(StringLiteral.Quote));
        if (type.MemberOf.Count > 0)
            AppendList(" in ", type.MemberOf.Select(name => name.Text));
        if (type.Shape is RecordTypeSyntax shape)
        {
            _text.Append(" = ");
            AppendType(shape, space);
        }
        else if (type.Shape is not null)
        {
            NotConvertible($"the shape of `{space.Qualify(type.Name.Text)}` is a name, and Cedar's syntax permits only a record");
        }

        if (type.Tags is { } tags)
        {
            _text.Append(" tags ");
            AppendType(tags, space);
        }

        _text.Append(";\n");
    }

    // An action without principal or resource types applies to no request, so its `appliesTo` is omitted.
    private void Append(ActionSyntax action, NamespaceSyntax space)
    {
        AppendAnnotations(action.Annotations);
        _text.Append(_indent).Append("action ").Append(StringLiteral.Quote(action.Name.Text));
        if (action.MemberOf.Count > 0)
            AppendList(
                " in ", action.MemberOf.Select(parent => (parent.Type is null ? "" : parent.Type + "::") + StringLiteral.Quote(parent.Id)));
        if (action.Principals.Count > 0 && action.Resources.Count > 0)
        {
            _text.Append(" appliesTo {\n");
            AppendList($"{_indent}  principal: ", action.Principals.Select(name => name.Text));
            AppendList($",\n{_indent}  resource: ", action.Resources.Select(name => name.Text));
            if (action.Context is { } context)
            {
                _text.Append($",\n{_indent}  context: ");
                if (context is SetTypeSyntax)
                    NotConvertible($"the context of `{action.Name.Text}` is a set");
                AppendType(context, space);
            }

            _text.Append('\n').Append(_indent).Append('}');
        }

        _text.Append(";\n");
    }

    private void AppendType(TypeSyntax type, NamespaceSyntax space)
    {
        switch (type)
        {
            case SetTypeSyntax set:
                _text.Append("Set<");
                AppendType(set.Element, space);
                _text.Append('>');
                break;
            case RecordTypeSyntax record:
                AppendRecord(record, space);
                break;
            case NamedTypeSyntax { Meaning: NameMeaning.Builtin } builtin:
                _text.Append(Builtins.Prefix).Append(builtin.Name);
                break;
            default:
                var named = (NamedTypeSyntax)type;
                if (named.Meaning == NameMeaning.EntityType && IsCommonType(named.Name, space))
                    NotConvertible(
                        $"`{named.Name}` is an entity type here, and in Cedar's syntax it would denote the common type of that name");

                // In JSON this name denotes a common or built-in type. In text an entity type of the same name would hide the built-in
                // type, so the prefix is needed.
                if (named.Meaning == NameMeaning.CommonType && Builtins.Find(named.Name) is not null && IsEntityType(named.Name, space)
                    && !IsCommonType(named.Name, space))
                    _text.Append(Builtins.Prefix);
                _text.Append(named.Name);
                break;
        }
    }

    private void AppendRecord(RecordTypeSyntax record, NamespaceSyntax space)
    {
        _text.Append('{');
        var isFirst = true;
        foreach (var attribute in record.Attributes)
        {
            _text.Append(isFirst ? " " : ", ");
            isFirst = false;
            foreach (var annotation in attribute.Annotations)
                AppendAnnotation(annotation).Append(' ');
            _text.Append(Identifiers.IsName(attribute.Name) ? attribute.Name : StringLiteral.Quote(attribute.Name))
                .Append(attribute.IsRequired ? ": " : "?: ");
            AppendType(attribute.Type, space);
        }

        _text.Append(isFirst ? "}" : " }");
    }

    private bool IsCommonType(string name, NamespaceSyntax space)
        => namespaces.Any(it => it.CommonTypes.Any(type => it.Qualify(type.Name.Text) == name || (it == space && type.Name.Text == name)));

    private bool IsEntityType(string name, NamespaceSyntax space)
        => namespaces.Any(it => it.EntityTypes.Any(type => it.Qualify(type.Name.Text) == name || (it == space && type.Name.Text == name)));

    private void AppendAnnotations(SyntaxList<Annotation> annotations)
    {
        foreach (var annotation in annotations)
        {
            _text.Append(_indent);
            AppendAnnotation(annotation).Append('\n');
        }
    }

    private StringBuilder AppendAnnotation(Annotation annotation)
    {
        _text.Append('@').Append(annotation.Name);
        return string.IsNullOrEmpty(annotation.Value) ? _text : _text.Append('(').Append(StringLiteral.Quote(annotation.Value)).Append(')');
    }

    private void AppendList(string before, IEnumerable<string> items)
        => _text.Append(before).Append('[').AppendJoin(", ", items).Append(']');

    private void NotConvertible(string message) => _problems.Add(new Diagnostic { Code = SchemaCodes.NotConvertible, Message = message });
}
