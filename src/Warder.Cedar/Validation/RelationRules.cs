using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Validation;

/// <summary>
/// The rules for equality and membership, as far as types determine them. Literals, including the action of the request, determine both
/// completely. (Cedar documentation: "Policy validation".)
/// </summary>
internal sealed class RelationRules(Schema schema, RequestShape request, Findings findings)
{
    /// <summary>Types an equality. The operands must have one type, unless both are entities or both are literals.</summary>
    public CedarType? Equality(BinaryExpression expression, CedarType left, CedarType right)
    {
        if (LiteralOf(expression.Left) is { } leftValue && LiteralOf(expression.Right) is { } rightValue)
            return leftValue == rightValue ? CedarType.True : CedarType.False;
        if (left.Entity is not null && right.Entity is not null && left.Entity != right.Entity)
            return CedarType.False;
        return Compatible(expression.Span, left, right) is null ? null : CedarType.Bool;
    }

    /// <summary>Returns the common type of two types. Returns null and reports an error when there is none.</summary>
    public CedarType? Compatible(SourceSpan span, CedarType left, CedarType right)
    {
        var joined = TypeRules.Join(left, right, findings);
        if (joined is null)
            findings.Error(span, ValidationCodes.IncompatibleTypes, $"`{left}` and `{right}` must be the same type");
        return joined;
    }

    /// <summary>Types a test of whether an entity is in another entity, or in an entity of a set.</summary>
    public CedarType Membership(Expression left, Expression right, CedarType leftType, CedarType rightType)
    {
        if (ActionOf(left) is { } action && ActionsOf(right) is { } groups)
            return groups.Exists(group => group == action.Uid || action.Ancestors.Contains(group)) ? CedarType.True : CedarType.False;
        return schema.MayBeIn(leftType.Entity!, (rightType.Element ?? rightType).Entity!) ? CedarType.Bool : CedarType.False;
    }

    private Value? LiteralOf(Expression expression) => expression switch
    {
        LiteralExpression literal => literal.Value,
        VariableExpression { Variable: Variable.Action } => request.Action.Uid,
        _ => default(Value?),
    };

    private EntityUid? UidOf(Expression expression) => LiteralOf(expression) is { } value && value.TryGet(out EntityUid? uid) ? uid : null;

    private SchemaAction? ActionOf(Expression expression) => UidOf(expression) is { } uid ? schema.Actions.GetValueOrDefault(uid) : null;

    // A set qualifies only when all its elements are constant.
    private List<EntityUid>? ActionsOf(Expression expression)
    {
        if (UidOf(expression) is { } one)
            return [one];
        if (expression is not SetExpression set)
            return null;
        var uids = new List<EntityUid>(set.Elements.Count);
        foreach (var element in set.Elements)
        {
            if (UidOf(element) is not { } uid)
                return null;
            uids.Add(uid);
        }

        return uids;
    }
}
