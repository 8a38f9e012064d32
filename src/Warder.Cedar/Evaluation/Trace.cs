using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary>
/// What the expressions of a rule came to while it was evaluated, each one that was looked at. A rule is followed from when it is made: its
/// nodes are those of any other, with this between them.
/// </summary>
internal sealed class Trace
{
    // By the place in the tree: the same may be written twice.
    private readonly Dictionary<Expression, Value> _constants = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expression, Value> _evaluated = new(ReferenceEqualityComparer.Instance);

    /// <summary>The node that stands for an expression's node, and notes what that gives.</summary>
    public Node Follow(Expression expression, Node node)
    {
        // A constant stays what it is, so that what is made of constants is known beforehand here too.
        if (node is not ConstantNode constant)
            return new TracedNode(this, expression, node);
        _constants[expression] = constant.Value;
        return node;
    }

    /// <summary>The first of a rule's conditions that does not hold or failed; null when all hold.</summary>
    public Condition? Unmet(SyntaxList<Condition> conditions)
        => conditions.FirstOrDefault(condition => !Is(condition.Body, condition.Kind == ConditionKind.When));

    /// <summary>The smallest part of an evaluated expression that made it what it is.</summary>
    public Expression Settling(Expression expression)
    {
        while (Next(expression) is { } inner)
            expression = inner;
        return expression;
    }

    /// <summary>What an expression came to; no value when it failed, or was not looked at.</summary>
    public Value ValueOf(Expression expression)
        => _evaluated.TryGetValue(expression, out var value) ? value : _constants.GetValueOrDefault(expression);

    /// <summary>
    /// What an expression looked at: the parts of the request, attributes and the like in it, not those that others are computed from.
    /// </summary>
    public IReadOnlyList<ExpressionValue> Observed(Expression expression)
        => [.. Operands.Of(expression).SelectMany(Outermost).Distinct()];

    private IEnumerable<ExpressionValue> Outermost(Expression expression)
    {
        if (!_evaluated.TryGetValue(expression, out var value) || value.IsNone)
            return [];
        return value.Kind == ValueKind.Bool && expression is not (AttributeExpression or BinaryExpression { Operator: BinaryOperator.GetTag })
            ? Operands.Of(expression).SelectMany(Outermost)
            : [new ExpressionValue(expression, value)];
    }

    // Of what failed, the part that failed. Of what is made of truths, the one that was enough.
    private Expression? Next(Expression expression)
    {
        if (_evaluated.TryGetValue(expression, out var value) && value.IsNone)
            return Operands.Of(expression).FirstOrDefault(operand => _evaluated.TryGetValue(operand, out var part) && part.IsNone);
        return expression switch
        {
            AndExpression all when Is(all, false) => all.Operands.First(operand => Is(operand, false)),
            OrExpression any when Is(any, true) => any.Operands.First(operand => Is(operand, true)),
            UnaryExpression { Operator: UnaryOperator.Not } opposite => opposite.Operand,

            // Where a constant was chosen, the choice is what there is to see.
            IfExpression choice when (Is(choice.Condition, true) ? choice.Then : choice.Else) is var chosen && _evaluated.ContainsKey(chosen) => chosen,
            _ => null,
        };
    }

    private bool Is(Expression expression, bool wanted)
        => ValueOf(expression).TryGet(out bool found) && found == wanted;

    private sealed class TracedNode(Trace trace, Expression expression, Node node) : Node(node.Span)
    {
        public override Value Evaluate(ref Frame frame) => trace._evaluated[expression] = node.Evaluate(ref frame);

        public override Truth Test(ref Frame frame)
        {
            var truth = node.Test(ref frame);
            trace._evaluated[expression] = truth switch { Truth.True => Value.True, Truth.False => Value.False, _ => default };
            return truth;
        }
    }
}
