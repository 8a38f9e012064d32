using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Validation;

/// <summary>
/// Tests whether a policy's scope matches a kind of request. A policy is not checked for requests that its scope excludes.
/// </summary>
/// <param name="schema">The schema.</param>
/// <param name="policy">The policy with the scope.</param>
/// <param name="findings">Receives errors about the list of actions; null when they were reported before.</param>
/// <param name="levels">The rules that bound entity accesses; null without a bound.</param>
internal sealed class ScopeRules(Schema schema, PolicySyntax policy, Findings? findings, LevelRules? levels)
{
    private readonly bool _isActionTyped = IsTyped(schema, policy.Action);

    /// <summary>
    /// Whether the scope matches. An empty list of actions, or a list with several action types, matches nothing and is an error.
    /// </summary>
    public bool Fits(RequestShape request)
        => Fits(policy.Principal, request.Principal) && Fits(policy.Action, request.Action) && Fits(policy.Resource, request.Resource);

    /// <summary>Whether the constraint of the principal or the resource matches a type.</summary>
    public bool Fits(EntityScope scope, EntityTypeName type)
    {
        if (scope.Type is not null && scope.Type != type)
            return false;
        if (scope.Operator is ScopeOperator.In or ScopeOperator.IsIn)
            levels?.Dereference(scope.Span, 0);

        // A slot matches any type.
        if (scope.Entity is null)
            return true;
        return scope.Operator == ScopeOperator.Equal ? scope.Entity.Type == type : schema.MayBeIn(type, scope.Entity.Type);
    }

    private bool Fits(ActionScope scope, SchemaAction action)
    {
        switch (scope.Operator)
        {
            case ScopeOperator.Any:
                return true;
            case ScopeOperator.Equal:
                return scope.Entities[0] == action.Uid;
            default:
                levels?.Dereference(scope.Span, 0);
                if (scope.Entities.Count == 0)
                    findings?.Error(
                        scope.Span, ValidationCodes.EmptySet, "an empty list of actions has no type",
                        "a scope without a constraint matches all actions");
                else if (!_isActionTyped)
                    findings?.Error(scope.Span, ValidationCodes.IncompatibleTypes, "the actions of a list must have one namespace");
                return _isActionTyped && scope.Entities.Any(group => group == action.Uid || action.Ancestors.Contains(group));
        }
    }

    // Actions that the schema does not have are reported by NameRules.
    private static bool IsTyped(Schema schema, ActionScope scope)
        => scope.Entities.Count == 0 || scope.Entities.All(uid => uid.Type == scope.Entities[0].Type || !schema.Actions.ContainsKey(uid));
}
