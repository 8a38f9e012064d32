using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary>
/// The values of the expressions of a rule that one evaluation computed. A rule is traced from its compilation on: its nodes are the usual
/// nodes, each wrapped in a node that records its value.
/// </summary>
internal sealed class Trace
{
    // Keyed by node identity, because equal expressions can occur twice in a policy.
    private readonly Dictionary<Expression, Value> _constants = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expression, Value> _evaluated = new(ReferenceEqualityComparer.Instance);

    /// <summary>Wraps the node of an expression in a node that records its value.</summary>
    public Node Follow(Expression expression, Node node)
    {
        // A constant node stays unwrapped, so that constant folding is the same as without tracing.
        if (node is not ConstantNode constant)
            return new TracedNode(this, expression, node);
        _constants[expression] = constant.Value;
        return node;
    }

    /// <summary>Finds the first condition of a rule that does not hold or that failed. Returns null when all conditions hold.</summary>
    public Condition? Unmet(SyntaxList<Condition> conditions)
        => conditions.FirstOrDefault(condition => !Is(condition.Body, condition.Kind == ConditionKind.When));

    /// <summary>Finds the smallest subexpression that determined the value of an evaluated expression.</summary>
    public Expression Settling(Expression expression)
    {
        while (Next(expression) is { } inner)
            expression = inner;
        return expression;
    }

    /// <summary>Returns the value of an expression; no value when it failed or was not evaluated.</summary>
    public Value ValueOf(Expression expression)
        => _evaluated.TryGetValue(expression, out var value) ? value : _constants.GetValueOrDefault(expression);

    /// <summary>
    /// Returns the reads of an expression, such as parts of the request and attributes. Reads from which another read is computed are
    /// omitted.
    /// </summary>
    public IReadOnlyList<ExpressionValue> Observed(Expression expression)
        => [.. Operands.Of(expression).SelectMany(Outermost).Distinct()];

    private IEnumerable<ExpressionValue> Outermost(Expression expression)
    {
        if (!_evaluated.TryGetValue(expression, out var value) || value.IsNone)
            return [];
        return value.Kind == ValueKind.Bool
            && expression is not (AttributeExpression or BinaryExpression { Operator: BinaryOperator.GetTag })
            ? Operands.Of(expression).SelectMany(Outermost)
            : [new ExpressionValue(expression, value)];
    }

    // Of a failed expression: the operand that failed. Of a logical expression: the operand that sufficed.
    private Expression? Next(Expression expression)
    {
        if (_evaluated.TryGetValue(expression, out var value) && value.IsNone)
            return Operands.Of(expression).FirstOrDefault(operand => _evaluated.TryGetValue(operand, out var part) && part.IsNone);
        return expression switch
        {
            AndExpression all when Is(all, false) => all.Operands.First(operand => Is(operand, false)),
            OrExpression any when Is(any, true) => any.Operands.First(operand => Is(operand, true)),
            UnaryExpression { Operator: UnaryOperator.Not } opposite => opposite.Operand,

            // If the chosen branch is a constant, the choice itself is the smallest informative expression.
            IfExpression choice when (Is(choice.Condition, true) ? choice.Then : choice.Else) is var chosen
                && _evaluated.ContainsKey(chosen) => chosen,
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
