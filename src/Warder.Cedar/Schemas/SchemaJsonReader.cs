using Warder.Cedar.Diagnostics;
using Warder.Cedar.Json;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>Parses schemas in JSON. (Cedar documentation: "JSON schema format".)</summary>
internal sealed class SchemaJsonReader
{
    // The fields are in the order of the array form.
    private static readonly string[] NamespaceFields = ["commonTypes", "entityTypes", "actions", "annotations"];
    private static readonly string[] ActionFields = ["attributes", "appliesTo", "memberOf", "annotations"];
    private static readonly string[] AppliesToFields = ["resourceTypes", "principalTypes", "context"];

    private readonly JsonShape _shape;
    private readonly TypeJsonReader _types;
    private readonly Limits _limits;
    private readonly DiagnosticBag _diagnostics;
    private int _declarations;

    private SchemaJsonReader(Limits limits, DiagnosticBag diagnostics)
    {
        (_limits, _diagnostics, _shape) = (limits, diagnostics, new JsonShape(diagnostics));
        _types = new TypeJsonReader(_shape, diagnostics);
    }

    /// <summary>Parses the declarations of a document. The result is meaningless when an error was reported.</summary>
    public static IReadOnlyCollection<NamespaceSyntax> ReadAll(SourceText source, Limits limits, DiagnosticBag diagnostics)
        => JsonText.Parse(source, limits, diagnostics) is { } document ? new SchemaJsonReader(limits, diagnostics).Read(document) : [];

    private List<NamespaceSyntax> Read(JsonNode document)
    {
        var namespaces = new List<NamespaceSyntax>();
        if (!document.IsObject)
            _shape.Fail(
                document.Span, "a schema is an object, with a field for each namespace",
                "`{\"\": {\"entityTypes\": {…}, \"actions\": {…}}}`");
        foreach (var field in document.Fields)
        {
            if (field.Name.Length > 0 && !Identifiers.IsPath(field.Name))
                _shape.Fail(
                    field.Span, $"`{field.Name}` is no namespace name",
                    "write a name such as `Shop` or `Shop::Orders`, or an empty string");
            else if (field.Name.Length > _limits.NamespaceLength)
                _diagnostics.Error(
                    field.Span, SyntaxCodes.LimitExceeded,
                    $"the name of a namespace may have at most {_limits.NamespaceLength} characters");
            else
                namespaces.Add(Namespace(field.Name, field.Value));
        }

        return namespaces;
    }

    private NamespaceSyntax Namespace(string name, JsonNode given)
    {
        var (node, space) = (given.WithNames(NamespaceFields), new NamespaceSyntax(name));
        if (!_shape.IsObject(node, "a namespace", NamespaceFields)
            || _shape.Field(node, "entityTypes") is not { } entityTypes || _shape.Field(node, "actions") is not { } actions
            || _types.Annotations(node) is not { } annotations)
            return space;
        if (name.Length == 0 && annotations.Count > 0)
            _shape.Fail(node["annotations"]!.Span, "the empty namespace cannot have annotations");
        space.Annotations = annotations;
        if (node["commonTypes"] is { } commonTypes)
            AddEach(commonTypes, "`commonTypes`", space.CommonTypes, CommonType);
        AddEach(entityTypes, "`entityTypes`", space.EntityTypes, EntityType);
        AddEach(actions, "`actions`", space.Actions, Action);
        return space;
    }

    private void AddEach<T>(JsonNode from, string what, List<T> to, Func<NameSyntax, JsonNode, T?> read)
        where T : class
    {
        if (!from.IsObject)
            _shape.Fail(from.Span, $"{what} is an object");
        foreach (var field in from.Fields)
        {
            if (_diagnostics.IsFull)
                return;
            if (++_declarations > _limits.Declarations)
            {
                _diagnostics.Error(
                    field.Span, SyntaxCodes.LimitExceeded, $"a schema may have at most {_limits.Declarations} declarations");
                return;
            }

            if (read(new NameSyntax(field.Name, field.Span), field.Value) is { } declared)
                to.Add(declared);
        }
    }

    private bool IsName(NameSyntax name)
        => Identifiers.IsName(name.Text)
            || _shape.Fail(
                name.Span, $"`{name.Text}` is no type name",
                "a name is not reserved, has letters, digits and underscores, and does not start with a digit");

    private CommonTypeSyntax? CommonType(NameSyntax name, JsonNode node)
        => IsName(name) && _types.Type(node, "annotations") is { } type && _types.Annotations(node) is { } annotations
            ? new CommonTypeSyntax(name, annotations, type)
            : null;

    private EntityTypeSyntax? EntityType(NameSyntax name, JsonNode given)
    {
        var node = given.WithNames("memberOfTypes", "shape", "tags", "enum", "annotations");
        if (!IsName(name) || _types.Annotations(node) is not { } annotations)
            return null;
        var declared = new EntityTypeSyntax(name, annotations);
        if (node["enum"] is { } ids)
            return _shape.IsObject(node, "an enumeration", "enum", "annotations") && Ids(ids) is { } list
                ? declared with { Ids = list }
                : null;
        if (!_shape.IsObject(node, "an entity type", "memberOfTypes", "shape", "tags", "annotations")
            || Each(node["memberOfTypes"], "`memberOfTypes`", _types.Path) is not { } memberOf
            || !TryType(node["shape"], out var shape) || !TryType(node["tags"], out var tags))
            return null;
        return declared with { MemberOf = memberOf, Shape = shape, Tags = tags };
    }

    // Reads an optional type.
    private bool TryType(JsonNode? node, out TypeSyntax? type)
    {
        type = node is null ? null : _types.Type(node);
        return node is null || type is not null;
    }

    private SyntaxList<string>? Ids(JsonNode node)
    {
        if (node.IsArray && node.Items.Length > 0 && Array.TrueForAll(node.Items, item => item.IsString))
            return [.. node.Items.Select(item => item.Text)];
        _shape.Fail(node.Span, "`enum` is an array of at least one id");
        return null;
    }

    // Reads the elements of an optional array.
    private SyntaxList<T>? Each<T>(JsonNode? node, string what, Func<JsonNode, T?> read)
        where T : class
    {
        if (node is null)
            return new SyntaxList<T>();
        if (_shape.Items(node, what) is not { } nodes)
            return null;
        var items = new T[nodes.Length];
        for (var i = 0; i < items.Length; i++)
        {
            if (read(nodes[i]) is not { } item)
                return null;
            items[i] = item;
        }

        return [.. items];
    }

    private ActionSyntax? Action(NameSyntax name, JsonNode given)
    {
        var node = given.WithNames(ActionFields);
        if (!_shape.IsObject(node, "an action", ActionFields) || _types.Annotations(node) is not { } annotations
            || Each(OrNothing(node["memberOf"]), "`memberOf`", Parent) is not { } parents)
            return null;
        if (OrNothing(node["attributes"]) is { } attributes)
        {
            _diagnostics.Error(attributes.Span, SchemaCodes.Unsupported, "actions have no attributes", "leave `attributes` out");
            return null;
        }

        var declared = new ActionSyntax(name, annotations) { MemberOf = parents };
        return OrNothing(node["appliesTo"]) is { } appliesTo ? AppliesTo(declared, appliesTo.WithNames(AppliesToFields)) : declared;
    }

    // In an action, null is equivalent to a missing field.
    private static JsonNode? OrNothing(JsonNode? node) => node is { Kind: JsonKind.Null } ? null : node;

    private ActionSyntax? AppliesTo(ActionSyntax declared, JsonNode node)
        => _shape.IsObject(node, "`appliesTo`", AppliesToFields)
            && _shape.Field(node, "principalTypes") is { } principals
            && Each(principals, "`principalTypes`", _types.Path) is { } principalTypes
            && _shape.Field(node, "resourceTypes") is { } resources && Each(resources, "`resourceTypes`", _types.Path) is { } resourceTypes
            && TryType(node["context"], out var context)
                ? declared with { Principals = principalTypes, Resources = resourceTypes, Context = context }
                : null;

    private ActionNameSyntax? Parent(JsonNode given)
    {
        var node = given.WithNames("id", "type");
        if (!_shape.IsObject(node, "a group of actions", "id", "type") || _shape.Text(node, "id") is not { } id)
            return null;
        if (OrNothing(node["type"]) is not { } type)
            return new ActionNameSyntax(null, id, node.Span);
        return _types.Path(type) is { } path ? new ActionNameSyntax(path.Text, id, node.Span) : null;
    }
}
