using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Validation;

/// <summary>
/// Checks whether the schema has all entity types, actions and enumerated entities that a policy names, even in unreachable expressions.
/// </summary>
internal sealed class NameRules(Schema schema, Findings findings)
{
    public void Check(PolicySyntax policy)
    {
        CheckScope(policy.Principal);
        foreach (var uid in policy.Action.Entities)
        {
            if (findings.IsFull || !findings.Spend(uid.Weight))
                return;
            CheckUid(uid, policy.Action.Span);
        }

        CheckScope(policy.Resource);
        foreach (var condition in policy.Conditions)
            Walk(condition.Body);
    }

    /// <summary>
    /// Checks the type of an entity that fills a template's slot. As in the official engine, the entity itself is not looked up, even if
    /// it is an action or an entity of an enumerated type.
    /// </summary>
    public void CheckLink(EntityUid? uid, SourceSpan slot)
    {
        if (uid is not null)
            CheckType(uid.Type, slot);
    }

    private void CheckScope(EntityScope scope)
    {
        if (scope.Type is not null)
            CheckType(scope.Type, scope.Span);
        if (scope.Entity is not null)
            CheckUid(scope.Entity, scope.Span);
    }

    private void CheckType(EntityTypeName type, SourceSpan span)
    {
        if (!type.IsAction && !schema.EntityTypes.ContainsKey(type))
            findings.Error(
                span, ValidationCodes.UnknownEntityType, $"the schema has no entity type `{type}`", type.Text,
                schema.EntityTypes.Keys.Select(it => it.Text));
    }

    private void CheckUid(EntityUid uid, SourceSpan span)
    {
        if (uid.Type.IsAction)
        {
            if (!schema.Actions.ContainsKey(uid))
                findings.Error(
                    span, ValidationCodes.UnknownAction, $"the schema has no action `{uid}`", uid.ToString(),
                    schema.Actions.Keys.Select(it => it.ToString()));
            return;
        }

        CheckType(uid.Type, span);
        if (schema.EntityTypes.GetValueOrDefault(uid.Type)?.Ids is { } ids && !ids.Contains(uid.Id))
            findings.Error(
                span, ValidationCodes.UnknownEnumEntity, $"`{uid}` is none of the entities that `{uid.Type}` enumerates", uid.Id, ids);
    }

    private void CheckLiteral(EntityUid uid, SourceSpan span)
    {
        if (findings.Spend(uid.Weight))
            CheckUid(uid, span);
    }

    private void Walk(Expression expression)
    {
        if (!findings.Spend() || findings.IsFull)
            return;
        if (expression is LiteralExpression literal && literal.Value.TryGet(out EntityUid? uid))
            CheckLiteral(uid, expression.Span);
        else if (expression is IsExpression isType)
            CheckType(isType.Type, expression.Span);
        foreach (var operand in Operands.Of(expression))
            Walk(operand);
    }
}
