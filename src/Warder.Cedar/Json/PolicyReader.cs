using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Json;

/// <summary>Parses policies, templates and policy sets in JSON. (Cedar documentation: "JSON policy format".)</summary>
internal sealed class PolicyReader
{
    private static readonly string[] Parts = ["effect", "principal", "action", "resource", "conditions", "annotations"];

    private readonly JsonShape _shape;
    private readonly ValueJson _values;
    private readonly ExpressionReader _expressions;

    private PolicyReader(Limits limits, DiagnosticBag diagnostics)
    {
        _shape = new JsonShape(diagnostics);
        _values = new ValueJson(limits, diagnostics);
        _expressions = new ExpressionReader(_values, _shape);
    }

    /// <summary>Parses a document that contains a policy or a template.</summary>
    public static Parsed<PolicySyntax> ReadPolicy(SourceText source, Limits limits)
        => Read(source, limits, (reader, document) => reader.Policy(document));

    /// <summary>Parses a document that contains a policy set with links.</summary>
    public static Parsed<PolicySet> ReadSet(SourceText source, Limits limits)
    {
        var read = Read(source, limits, (reader, document) => reader.Set(document));
        if (read.Value is not { } content)
            return new Parsed<PolicySet>(read.Diagnostics);
        var policies = PolicySet.Empty.With(content.Policies);
        return policies.Value?.Link(content.Links) ?? policies;
    }

    private static Parsed<T> Read<T>(SourceText source, Limits limits, Func<PolicyReader, JsonNode, T?> read)
        where T : class
    {
        var diagnostics = new DiagnosticBag(source, limits.Errors);
        var document = JsonText.Parse(source, limits, diagnostics);
        var value = document is null ? null : read(new PolicyReader(limits, diagnostics), document);
        return value is null || diagnostics.HasErrors ? new Parsed<T>(diagnostics.Found) : new Parsed<T>(value);
    }

    private SetContent? Set(JsonNode node)
    {
        if (!_shape.IsObject(node, "a policy set", "staticPolicies", "templates", "templateLinks"))
            return null;
        var content = new SetContent();
        foreach (var (field, isTemplate) in new[] { ("staticPolicies", false), ("templates", true) })
        {
            if (node[field] is not { } policies)
                continue;
            if (!policies.IsObject)
            {
                _shape.Fail(policies.Span, $"`{field}` is an object, with a policy for each id");
                return null;
            }

            foreach (var (id, span, body) in policies.Fields)
            {
                if (Policy(body) is not { } policy)
                    continue;
                if (policy.IsTemplate == isTemplate)
                    content.Policies.Add((id, policy));
                else
                    _shape.Fail(
                        span, isTemplate ? $"`{id}` has no slot, so it is no template" : $"`{id}` has a slot, so it is a template");
            }
        }

        if (node["templateLinks"] is { } links && _shape.Items(links, "`templateLinks`") is { } items)
            content.Links.AddRange(items.Select(Link).OfType<TemplateLink>());
        return content;
    }

    private TemplateLink? Link(JsonNode node)
    {
        if (!_shape.IsObject(node, "a link", "templateId", "newId", "values") || _shape.Text(node, "templateId") is not { } template
            || _shape.Text(node, "newId") is not { } id || _shape.Field(node, "values") is not { } values
            || !_shape.IsObject(values, "`values`", "?principal", "?resource"))
            return null;
        EntityUid? principal = null, resource = null;
        if (values["?principal"] is { } first && (principal = _values.Uid(first)) is null)
            return null;
        if (values["?resource"] is { } second && (resource = _values.Uid(second)) is null)
            return null;
        return new TemplateLink(template, id, principal, resource);
    }

    private PolicySyntax? Policy(JsonNode given)
    {
        var node = given.WithNames(Parts);
        if (!_shape.IsObject(node, "a policy", Parts) || Effect(node) is not { } effect
            || Entity(node, "principal", "?principal") is not { } principal || Action(node) is not { } action
            || Entity(node, "resource", "?resource") is not { } resource || Conditions(node) is not { } conditions
            || Annotations(node) is not { } annotations)
            return null;
        return new PolicySyntax(effect, annotations, principal, action, resource, conditions);
    }

    private Effect? Effect(JsonNode node)
    {
        switch (_shape.Text(node, "effect"))
        {
            case "permit":
                return Syntax.Effect.Permit;
            case "forbid":
                return Syntax.Effect.Forbid;
            case not null:
                _shape.Fail(node["effect"]!.Span, "an effect is `permit` or `forbid`");
                return null;
            default:
                return null;
        }
    }

    private SyntaxList<Annotation>? Annotations(JsonNode node)
    {
        if (node["annotations"] is not { } annotations)
            return new SyntaxList<Annotation>();
        var read = new List<Annotation>();
        foreach (var (name, span, value) in annotations.Fields)
        {
            if (!Identifiers.IsIdentifier(name) || !(value.IsString || value.Kind == JsonKind.Null))
                return Failed<SyntaxList<Annotation>>(span, "an annotation is an identifier with a string, or with null");
            read.Add(new Annotation(name, value.IsString ? value.Text : null));
        }

        return annotations.IsObject ? [.. read] : Failed<SyntaxList<Annotation>>(annotations.Span, "`annotations` is an object");
    }

    private SyntaxList<Condition>? Conditions(JsonNode node)
    {
        if (_shape.Field(node, "conditions") is not { } conditions || _shape.Items(conditions, "`conditions`") is not { } items)
            return null;
        var read = new List<Condition>();
        foreach (var item in items.Select(item => item.WithNames("kind", "body")))
        {
            if (!_shape.IsObject(item, "a condition", "kind", "body") || _shape.Text(item, "kind") is not { } kind
                || _shape.Field(item, "body") is not { } body)
                return null;
            if (kind is not ("when" or "unless"))
                return Failed<SyntaxList<Condition>>(item["kind"]!.Span, "a condition is `when` or `unless`");
            if (_expressions.Read(body) is not { } expression)
                return null;
            read.Add(new Condition(kind == "when" ? ConditionKind.When : ConditionKind.Unless, expression));
        }

        return [.. read];
    }

    private EntityScope? Entity(JsonNode node, string name, string slot)
    {
        if (_shape.Field(node, name) is not { } given || given.WithNames("op", "entity_type", "in") is var scope
            && _shape.Text(scope, "op") is not { } operation)
            return null;
        switch (operation)
        {
            case "All" or "all":
                return IsAll(given) ? EntityScope.Any : null;
            case "==" or "in":
                var relation = operation == "in" ? ScopeOperator.In : ScopeOperator.Equal;
                return Target(scope, slot) is var (entity, isSlot) ? new EntityScope(relation, null, entity, isSlot) : null;
            case "is":
                if (!_shape.IsObject(scope, "a scope with `is`", "op", "entity_type", "in")
                    || _shape.Type(scope, "entity_type") is not { } type)
                    return null;
                if (given.IsArray && _shape.Field(scope, "in") is null)
                    return null;
                if (scope["in"] is not { Kind: not JsonKind.Null } group)
                    return new EntityScope(ScopeOperator.Is, type, null, false);
                return Target(group, slot) is var (within, isWithinSlot)
                    ? new EntityScope(ScopeOperator.IsIn, type, within, isWithinSlot)
                    : null;
            default:
                _shape.Fail(scope["op"]!.Span, "a scope's `op` is `All`, `==`, `in` or `is`");
                return null;
        }
    }

    // In the array form, `All` has no further elements.
    private bool IsAll(JsonNode scope) => scope.Items.Length <= 1 || _shape.Fail(scope.Span, "`All` has no further elements");

    // Reads an entity, or the slot of this part of the scope.
    private (EntityUid? Entity, bool IsSlot)? Target(JsonNode node, string slot)
    {
        if (node["entity"] is { } entity)
            return _values.Uid(entity) is { } uid ? (uid, false) : null;
        if (node["slot"] is { IsString: true } found && found.Text == slot)
            return (null, true);
        _shape.Fail((node["slot"] ?? node).Span, $"an `entity` is expected, or the `slot` `{slot}`");
        return null;
    }

    private ActionScope? Action(JsonNode node)
    {
        if (_shape.Field(node, "action")?.WithNames("op") is not { } scope || _shape.Text(scope, "op") is not { } operation)
            return null;
        if (operation is "All" or "all")
            return ActionScope.Any;
        if (operation is not ("==" or "in"))
        {
            _shape.Fail(scope["op"]!.Span, "an action's `op` is `All`, `==` or `in`");
            return null;
        }

        var isList = scope["entity"] is null && operation == "in" && scope["entities"] is not null;
        var nodes = isList ? _shape.Items(scope["entities"]!, "`entities`") : _shape.Field(scope, "entity") is { } one ? [one] : null;
        if (nodes is null)
            return null;
        var actions = new List<EntityUid>();
        foreach (var item in nodes)
        {
            if (_values.Uid(item) is not { } uid)
                return null;
            if (!uid.Type.IsAction)
            {
                _shape.Fail(item.Span, $"`{uid}` is no action", "the type of an action is `Action`, in any namespace");
                return null;
            }

            actions.Add(uid);
        }

        return new ActionScope(operation == "in" ? ScopeOperator.In : ScopeOperator.Equal, [.. actions]);
    }

    private T? Failed<T>(SourceSpan span, string message)
        where T : struct
    {
        _shape.Fail(span, message);
        return null;
    }

    private sealed class SetContent
    {
        public List<(string Id, PolicySyntax Policy)> Policies { get; } = [];

        public List<TemplateLink> Links { get; } = [];
    }
}
