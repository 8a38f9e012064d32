using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Validation;

/// <summary>Whether a policy's scope fits a kind of request: nothing is asked of a policy for requests that it is not about.</summary>
/// <param name="schema">Measured by what.</param>
/// <param name="policy">Whose scope.</param>
/// <param name="findings">Where to report a list of actions that has no type; null where that was done.</param>
/// <param name="levels">How far the policy may look; null: however far.</param>
internal sealed class ScopeRules(Schema schema, PolicySyntax policy, Findings? findings, LevelRules? levels)
{
    private readonly bool _isActionTyped = IsTyped(schema, policy.Action);

    /// <summary>
    /// Whether it fits. A list of actions that cannot be looked up, or are of several types, fits nothing, which is an error.
    /// </summary>
    public bool Fits(RequestShape request)
        => Fits(policy.Principal, request.Principal) && Fits(policy.Action, request.Action) && Fits(policy.Resource, request.Resource);

    /// <summary>Whether the restriction of the principal or the resource fits a type.</summary>
    public bool Fits(EntityScope scope, EntityTypeName type)
    {
        if (scope.Type is not null && scope.Type != type)
            return false;
        if (scope.Operator is ScopeOperator.In or ScopeOperator.IsIn)
            levels?.Dereference(scope.Span, 0);

        // What fills a slot is of a type that fits.
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
                    findings?.Error(scope.Span, ValidationCodes.EmptySet, "an empty list of actions has no type", "without a restriction, a policy is for all actions");
                else if (!_isActionTyped)
                    findings?.Error(scope.Span, ValidationCodes.IncompatibleTypes, "the actions of a list have to be of one namespace");
                return _isActionTyped && scope.Entities.Any(group => group == action.Uid || action.Ancestors.Contains(group));
        }
    }

    // Actions that are not in the schema are reported elsewhere.
    private static bool IsTyped(Schema schema, ActionScope scope)
        => scope.Entities.Count == 0 || scope.Entities.All(uid => uid.Type == scope.Entities[0].Type || !schema.Actions.ContainsKey(uid));
}
