using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Validation;

/// <summary>
/// The rules for the distance between the request and the entities that a policy accesses. The principal's own attributes are at distance
/// 1; attributes of an entity in such an attribute are at distance 2. A loader of entities then knows how far to go. An entity that a
/// policy names is not part of the request, so the policy must not access it. (Cedar documentation: "Level validation".)
/// </summary>
internal sealed class LevelRules(int level, Schema schema, Findings findings)
{
    /// <summary>Checks an expression that has no other errors.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="types">The types of its subexpressions. A subexpression without a type is never evaluated.</param>
    /// <param name="action">The action of the request. A literal of this action is part of the request.</param>
    public void Check(Expression expression, Dictionary<Expression, CedarType> types, EntityUid action)
    {
        if (!types.ContainsKey(expression) || !findings.Spend())
            return;
        switch (expression)
        {
            case BinaryExpression { Operator: BinaryOperator.In or BinaryOperator.HasTag or BinaryOperator.GetTag } binary:
                Dereference(expression.Span, Distance(binary.Left, [], types, action));
                Check(binary.Right, types, action);
                break;
            case IsExpression { In: { } within } isType when types.ContainsKey(within):
                Dereference(expression.Span, Distance(isType.Operand, [], types, action));
                Check(within, types, action);
                break;
            case AttributeExpression attribute when types[attribute.Operand].Entity is not null:
                Dereference(expression.Span, Distance(attribute.Operand, [], types, action));
                break;
            case HasExpression has:
                Has(has, types, action);
                break;
            default:
                foreach (var operand in Operands.Of(expression))
                    Check(operand, types, action);
                break;
        }
    }

    /// <summary>
    /// Checks an access to an entity at a distance from the request. Returns false and reports an error when the distance is too large.
    /// </summary>
    public bool Dereference(SourceSpan span, int distance)
    {
        if (distance >= level)
            findings.Error(
                span, ValidationCodes.LevelExceeded,
                $"this access to an entity needs level {distance + 1}, and level {level} is permitted");
        return distance < level;
    }

    // Each further name of the path is an attribute of the value before it.
    private void Has(HasExpression has, Dictionary<Expression, CedarType> types, EntityUid action)
    {
        var type = types[has.Operand];
        if (type.Entity is null)
            Check(has.Operand, types, action);
        var on = has.Operand;
        foreach (var name in has.Path)
        {
            if (type.Entity is not null && !Dereference(has.Span, Distance(on, [], types, action)))
                return;
            if (TypeRules.Attributes(schema, type)?.GetValueOrDefault(name) is not { } attribute)
                return;
            (on, type) = (new AttributeExpression(on, name), attribute.Type);
            types.Add(on, type);
        }
    }

    // Returns the number of entities between the request and the value of an expression. The path contains the names of the accesses that
    // follow, the first on top. Of a record literal, only the accessed field counts.
    private int Distance(Expression expression, Stack<string> path, Dictionary<Expression, CedarType> types, EntityUid action)
    {
        if (!types.ContainsKey(expression) || !findings.Spend(1 + path.Count))
            return 0;
        switch (expression)
        {
            case LiteralExpression literal:
                if (literal.Value != action)
                    findings.Error(
                        expression.Span, ValidationCodes.LevelExceeded,
                        $"`{literal.Value}` cannot be accessed, because it is not part of the request");
                return 0;
            case IfExpression conditional:
                Check(conditional.Condition, types, action);
                return Math.Max(
                    Distance(conditional.Then, new Stack<string>(path.Reverse()), types, action),
                    Distance(conditional.Else, path, types, action));
            case AttributeExpression attribute when types[attribute.Operand].Entity is not null:
                return Distance(attribute.Operand, [], types, action) + 1;
            case AttributeExpression attribute:
                path.Push(attribute.Attribute);
                return Distance(attribute.Operand, path, types, action);
            case BinaryExpression { Operator: BinaryOperator.GetTag } tag:
                Check(tag.Right, types, action);
                return Distance(tag.Left, [], types, action) + 1;
            case RecordExpression record:
                if (!findings.Spend(record.Fields.Count))
                    return 0;
                var asked = path.TryPop(out var name) ? record.Fields.FirstOrDefault(field => field.Name == name) : null;
                foreach (var other in record.Fields.Where(field => field != asked))
                    Check(other.Value, types, action);
                return asked is null ? 0 : Distance(asked.Value, path, types, action);
            default:
                return 0;
        }
    }
}
