using Warder.Cedar.Syntax;

namespace Warder.Cedar.Json;

/// <summary>Formats policies, templates and policy sets as JSON. (Cedar documentation: "JSON policy format".)</summary>
internal sealed class PolicyWriter
{
    private readonly JsonWriter _json = new();
    private readonly ValueWriter _values;
    private readonly ExpressionWriter _expressions;

    private PolicyWriter()
    {
        _values = new ValueWriter(_json);
        _expressions = new ExpressionWriter(_json, _values);
    }

    public static string Of(PolicySyntax policy)
    {
        var writer = new PolicyWriter();
        writer.Policy(policy);
        return writer._json.ToString();
    }

    public static string Of(PolicySet policies)
    {
        var writer = new PolicyWriter();
        writer.Set(policies);
        return writer._json.ToString();
    }

    private void Set(PolicySet policies)
    {
        _json.Begin('{').Name("staticPolicies").Begin('{');
        foreach (var policy in policies.Policies.Where(policy => policy.TemplateId is null))
        {
            _json.Name(policy.Id);
            Policy(policy.Syntax);
        }

        _json.End('}').Name("templates").Begin('{');
        foreach (var template in policies.Templates)
        {
            _json.Name(template.Id);
            Policy(template.Syntax);
        }

        _json.End('}').Name("templateLinks").Begin('[');
        foreach (var policy in policies.Policies.Where(policy => policy.TemplateId is not null))
        {
            _json.Begin('{').Name("templateId").Text(policy.TemplateId!).Name("newId").Text(policy.Id).Name("values").Begin('{');
            Link("?principal", policy.PrincipalLink);
            Link("?resource", policy.ResourceLink);
            _json.End('}').End('}');
        }

        _json.End(']').End('}');
    }

    private void Link(string slot, EntityUid? uid)
    {
        if (uid is null)
            return;
        _json.Name(slot);
        _values.Uid(uid);
    }

    private void Policy(PolicySyntax policy)
    {
        _json.Begin('{').Name("effect").Text(policy.Effect == Effect.Permit ? "permit" : "forbid");
        Scope("principal", policy.Principal, "?principal");
        Scope(policy.Action);
        Scope("resource", policy.Resource, "?resource");
        _json.Name("conditions").Begin('[');
        foreach (var condition in policy.Conditions)
        {
            _json.Begin('{').Name("kind").Text(condition.Kind == ConditionKind.When ? "when" : "unless").Name("body");
            _expressions.Write(condition.Body);
            _json.End('}');
        }

        _json.End(']');
        if (policy.Annotations.Count > 0)
        {
            _json.Name("annotations").Begin('{');
            foreach (var (name, value) in policy.Annotations)
                _ = value is null ? _json.Name(name).Word(null) : _json.Name(name).Text(value);
            _json.End('}');
        }

        _json.End('}');
    }

    private void Scope(string name, EntityScope scope, string slot)
    {
        _json.Name(name).Begin('{').Name("op").Text(Operator(scope.Operator));
        if (scope.Type is not null)
            _json.Name("entity_type").Text(scope.Type.Text);
        if (scope.Operator == ScopeOperator.IsIn)
            _json.Name("in").Begin('{');
        if (scope.IsSlot)
            _json.Name("slot").Text(slot);
        else if (scope.Entity is not null)
            Entity(scope.Entity);
        if (scope.Operator == ScopeOperator.IsIn)
            _json.End('}');
        _json.End('}');
    }

    private void Scope(ActionScope scope)
    {
        _json.Name("action").Begin('{').Name("op").Text(Operator(scope.Operator));
        if (scope.Entities.Count == 1)
        {
            Entity(scope.Entities[0]);
        }
        else if (scope.Operator == ScopeOperator.In)
        {
            _json.Name("entities").Begin('[');
            foreach (var uid in scope.Entities)
                _values.Uid(uid);
            _json.End(']');
        }

        _json.End('}');
    }

    private void Entity(EntityUid uid)
    {
        _json.Name("entity");
        _values.Uid(uid);
    }

    private static string Operator(ScopeOperator scope) => scope switch
    {
        ScopeOperator.Any => "All",
        ScopeOperator.Equal => "==",
        ScopeOperator.In => "in",
        _ => "is",
    };
}
