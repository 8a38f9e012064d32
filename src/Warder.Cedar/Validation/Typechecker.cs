using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Validation;

/// <summary>
/// Computes the types of expressions for one kind of request, and reports type errors. Operands that short-circuiting skips are not
/// checked. (Cedar documentation: "Policy validation".)
/// </summary>
internal sealed class Typechecker(Schema schema, RequestShape request, Findings findings)
{
    // The steps of computing a type, and of also keeping it, which level validation requires.
    private const int ExpressionSteps = 9, KeptSteps = 18;

    // The steps of building the table of a record type's attributes.
    private const int RecordSteps = 15;

    private readonly AccessRules _access = new(schema, findings);
    private readonly RelationRules _relations = new(schema, request, findings);
    private readonly CedarType _principal = CedarType.EntityOf(request.Principal);
    private readonly CedarType _action = CedarType.EntityOf(request.Action.Uid.Type);
    private readonly CedarType _resource = CedarType.EntityOf(request.Resource);

    /// <summary>The types of all checked expressions without errors; null when level validation is off.</summary>
    public Dictionary<Expression, CedarType>? Types { get; init; }

    /// <summary>Computes the type of an expression, given the attributes and tags that are known to exist.</summary>
    public Typed Check(Expression expression, Capabilities prior)
    {
        if (!findings.Spend(Types is null ? ExpressionSteps : KeptSteps))
            return Typed.Failed;
        var typed = expression switch
        {
            LiteralExpression literal => findings.Spend(literal.Size) ? TypeOf(literal.Value) : null,
            VariableExpression variable => TypeOf(variable.Variable),
            IfExpression conditional => If(conditional, prior),
            AndExpression and => And(and.Operands, prior),
            OrExpression or => Or(or.Operands, prior),
            UnaryExpression unary => Unary(unary, prior),
            BinaryExpression binary => Binary(binary, prior),
            AttributeExpression attribute
                => Check(attribute.Operand, prior).Type is { } operand ? _access.Get(attribute, operand, prior) : Typed.Failed,
            HasExpression has => Check(has.Operand, prior).Type is { } operand ? _access.Has(has, operand, prior) : Typed.Failed,
            LikeExpression like => Expect(like.Operand, ValueKind.String, prior).Type is null ? null : CedarType.Bool,
            IsExpression isType => Is(isType, prior),
            SetExpression set => Set(set, prior),
            RecordExpression record => Record(record, prior),
            _ => Call((CallExpression)expression, prior),
        };
        if (typed.Type is not null)
            Types?.TryAdd(expression, typed.Type);
        return typed;
    }

    /// <summary>Checks that an expression has a type of a certain kind.</summary>
    public Typed Expect(Expression expression, ValueKind kind, Capabilities prior)
    {
        var typed = Check(expression, prior);
        if (typed.Type is null || typed.Type.Kind == kind)
            return typed;
        Unexpected(expression, Kinds.Name(kind), typed.Type);
        return Typed.Failed;
    }

    /// <summary>Returns the union of two sets of capabilities.</summary>
    public Capabilities Union(Capabilities one, Capabilities other) => findings.Spend(other.Steps) ? one.Or(other) : one;

    private Capabilities Common(Capabilities one, Capabilities other) => findings.Spend(other.Steps) ? one.Both(other) : Capabilities.None;

    private Typed Unexpected(Expression expression, string expected, CedarType type)
    {
        findings.Error(expression.Span, ValidationCodes.UnexpectedType, $"{expected} is expected, not `{type}`");
        return Typed.Failed;
    }

    private CedarType? TypeOf(Value value)
    {
        if (value.TryGet(out bool boolean))
            return boolean ? CedarType.True : CedarType.False;
        if (value.TryGet(out EntityUid? uid))
            return schema.EntityTypes.ContainsKey(uid.Type) || schema.Actions.ContainsKey(uid) ? CedarType.EntityOf(uid.Type) : null;
        return value.Kind == ValueKind.Long ? CedarType.Long : CedarType.String;
    }

    private CedarType TypeOf(Variable variable) => variable switch
    {
        Variable.Principal => _principal,
        Variable.Action => _action,
        Variable.Resource => _resource,
        _ => request.Action.Context,
    };

    private Typed If(IfExpression expression, Capabilities prior)
    {
        var condition = Expect(expression.Condition, ValueKind.Bool, prior);
        var then = condition.Type?.IsFalse == true ? Typed.Failed : Check(expression.Then, Union(prior, condition.Gained));
        then = then with { Gained = Union(condition.Gained, then.Gained) };
        if (condition.Type?.IsTrue == true)
            return then;
        var otherwise = Check(expression.Else, prior);
        if (condition.Type?.IsFalse == true)
            return otherwise;
        if (condition.Type is null || then.Type is null || otherwise.Type is null)
            return Typed.Failed;
        return new Typed(_relations.Compatible(expression.Span, then.Type, otherwise.Type), Common(then.Gained, otherwise.Gained));
    }

    private Typed And(SyntaxList<Expression> operands, Capabilities prior)
    {
        Typed result = CedarType.True;
        foreach (var operand in operands)
        {
            var typed = Expect(operand, ValueKind.Bool, prior);
            if (typed.Type?.IsFalse == true)
                return result.Type is null ? Typed.Failed : CedarType.False;
            prior = Union(prior, typed.Gained);
            var type = result.Type is null || typed.Type is null ? null : typed.Type.IsTrue ? result.Type : CedarType.Bool;
            result = new Typed(type, Union(result.Gained, typed.Gained));
        }

        return result;
    }

    private Typed Or(SyntaxList<Expression> operands, Capabilities prior)
    {
        Typed result = CedarType.False;
        foreach (var operand in operands)
        {
            var typed = Expect(operand, ValueKind.Bool, prior);
            if (result.Type is null || typed.Type is null)
                result = Typed.Failed;
            else if (typed.Type.IsTrue)
                return CedarType.True;
            else if (result.Type.IsFalse)
                result = typed;
            else if (!typed.Type.IsFalse)
                result = new Typed(CedarType.Bool, Common(result.Gained, typed.Gained));
        }

        return result;
    }

    private Typed Unary(UnaryExpression expression, Capabilities prior)
    {
        var kind = expression.Operator switch
        {
            UnaryOperator.Not => ValueKind.Bool,
            UnaryOperator.Negate => ValueKind.Long,
            _ => ValueKind.Set,
        };
        if (Expect(expression.Operand, kind, prior).Type is not { } operand)
            return Typed.Failed;
        return expression.Operator switch
        {
            UnaryOperator.Not => operand.IsTrue ? CedarType.False : operand.IsFalse ? CedarType.True : CedarType.Bool,
            UnaryOperator.Negate => CedarType.Long,
            _ => CedarType.Bool,
        };
    }

    private Typed Binary(BinaryExpression expression, Capabilities prior)
    {
        switch (expression.Operator)
        {
            case BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual:
                return Comparison(expression, prior);
            case BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply:
                return Both(expression, ValueKind.Long, ValueKind.Long, prior) is null ? null : CedarType.Long;
            case BinaryOperator.ContainsAll or BinaryOperator.ContainsAny:
                return Both(expression, ValueKind.Set, ValueKind.Set, prior) is var (left, right)
                    && _relations.Compatible(expression.Span, left, right) is not null
                    ? CedarType.Bool
                    : null;
            case BinaryOperator.HasTag:
                return Both(expression, ValueKind.Entity, ValueKind.String, prior) is var (entity, _)
                    ? _access.HasTag(expression, entity, prior)
                    : Typed.Failed;
            case BinaryOperator.GetTag:
                return Both(expression, ValueKind.Entity, ValueKind.String, prior) is var (tagged, _)
                    ? _access.GetTag(expression, tagged, prior)
                    : Typed.Failed;
            case BinaryOperator.In:
                return In(expression.Left, expression.Right, prior);
            case BinaryOperator.Contains:
                var set = Expect(expression.Left, ValueKind.Set, prior).Type;
                return Check(expression.Right, prior).Type is { } item && set is not null
                    && _relations.Compatible(expression.Span, set.Element!, item) is not null
                    ? CedarType.Bool
                    : null;
            default:
                var (one, other) = (Check(expression.Left, prior).Type, Check(expression.Right, prior).Type);
                var equality = one is null || other is null ? null : _relations.Equality(expression, one, other);
                return expression.Operator == BinaryOperator.Equal || equality?.Constant is null
                    ? equality
                    : equality.IsTrue ? CedarType.False
                    : CedarType.True;
        }
    }

    private (CedarType Left, CedarType Right)? Both(BinaryExpression expression, ValueKind left, ValueKind right, Capabilities prior)
    {
        var (leftType, rightType) = (Expect(expression.Left, left, prior).Type, Expect(expression.Right, right, prior).Type);
        return leftType is null || rightType is null ? null : (leftType, rightType);
    }

    private Typed Comparison(BinaryExpression expression, Capabilities prior)
    {
        var left = Check(expression.Left, prior).Type;
        if (left is not null && left.Kind is not (ValueKind.Long or ValueKind.DateTime or ValueKind.Duration))
        {
            Unexpected(expression.Left, "an integer, a datetime or a duration", left);
            left = null;
        }

        var right = left is null ? Check(expression.Right, prior).Type : Expect(expression.Right, left.Kind, prior).Type;
        return left is null || right is null ? null : CedarType.Bool;
    }

    private Typed In(Expression left, Expression right, Capabilities prior)
        => In(left, Expect(left, ValueKind.Entity, prior).Type, right, prior);

    private Typed In(Expression left, CedarType? leftType, Expression right, Capabilities prior)
    {
        var rightType = Check(right, prior).Type;
        if (rightType is not null && (rightType.Element ?? rightType).Entity is null)
            return Unexpected(right, "an entity or a set of entities", rightType);
        return leftType is null || rightType is null ? Typed.Failed : _relations.Membership(left, right, leftType, rightType);
    }

    private Typed Is(IsExpression expression, Capabilities prior)
    {
        if (Expect(expression.Operand, ValueKind.Entity, prior).Type is not { } operand)
            return Typed.Failed;
        if (operand.Entity != expression.Type)
            return CedarType.False;
        return expression.In is null ? CedarType.True : In(expression.Operand, operand, expression.In, prior);
    }

    private Typed Set(SetExpression expression, Capabilities prior)
    {
        if (expression.Elements.Count == 0)
        {
            findings.Error(
                expression.Span, ValidationCodes.EmptySet, "an empty set has no type", "test for an empty set with `isEmpty()`");
            return Typed.Failed;
        }

        var (element, isFailed) = ((CedarType?)null, false);
        foreach (var operand in expression.Elements)
        {
            var type = Check(operand, prior).Type;
            if (type is not null && element is not null)
                type = _relations.Compatible(operand.Span, element, type);
            isFailed |= type is null;
            element = type ?? element;
        }

        return isFailed ? null : CedarType.SetOf(element!);
    }

    private Typed Record(RecordExpression expression, Capabilities prior)
    {
        if (!findings.Spend(RecordSteps))
            return Typed.Failed;
        var attributes = new Dictionary<string, SchemaAttribute>(expression.Fields.Count, StringComparer.Ordinal);
        foreach (var field in expression.Fields)
        {
            if (Check(field.Value, prior).Type is { } type)
                attributes[field.Name] = new SchemaAttribute(type, IsRequired: true);
        }

        return attributes.Count < expression.Fields.Count ? null : CedarType.RecordOf(attributes);
    }

    private Typed Call(CallExpression expression, Capabilities prior)
    {
        var (function, arguments) = (expression.Function, expression.Arguments);
        if (arguments.Count != function.Parameters.Count)
        {
            findings.Error(
                expression.Span, ValidationCodes.WrongArgumentCount,
                $"`{function}` takes {function.Parameters.Count} arguments, not {arguments.Count}");
            return Typed.Failed;
        }

        var isRight = true;
        for (var i = 0; i < arguments.Count; i++)
            isRight &= Expect(arguments[i], function.Parameters[i], prior).Type is not null;
        if (function.IsConstructor && arguments[0] is not LiteralExpression)
        {
            findings.Error(arguments[0].Span, ValidationCodes.NoLiteral, $"`{function}` takes only a string literal");
            return Typed.Failed;
        }

        if (isRight && function.IsConstructor && function.Call([((LiteralExpression)arguments[0]).Value], out var problem).IsNone)
        {
            findings.Error(arguments[0].Span, ValidationCodes.InvalidLiteral, problem!);
            return Typed.Failed;
        }

        return isRight ? Builtins.OfKind(function.Result) : null;
    }
}
