using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary>
/// Compiles expressions to evaluation nodes, and folds constants. The nesting depth of an expression is at most <see cref="Limits.Depth"/>.
/// </summary>
/// <param name="origin">The offset that the positions of the nodes are relative to.</param>
/// <param name="trace">The trace that records the value of each expression; null without tracing.</param>
internal sealed class Compiler(int origin, Trace? trace = null)
{
    /// <summary>The maximum number of steps of one evaluation, except steps that depend on the data.</summary>
    public long Steps { get; private set; }

    public Node Compile(Expression expression)
    {
        Steps++;
        var node = Translate(expression);
        return trace is null ? node : trace.Follow(expression, node);
    }

    private Node Translate(Expression expression) => expression switch
    {
        LiteralExpression literal => new ConstantNode(At(literal), literal.Value),
        VariableExpression variable => new VariableNode(At(variable), variable.Variable),
        AttributeExpression { Operand: VariableExpression { Variable: Variable.Context } } attribute
            => new ContextNode(At(attribute), attribute.Attribute),
        AttributeExpression { Operand: VariableExpression { Variable: Variable.Principal or Variable.Resource } party } attribute
            => new PartyNode(At(attribute), party.Variable == Variable.Principal, attribute.Attribute),
        AttributeExpression attribute => new AttributeNode(At(attribute), Compile(attribute.Operand), attribute.Attribute),
        HasExpression has => Has(has),
        AndExpression and => new ChainNode(At(and), Compile(and.Operands), Truth.True),
        OrExpression or => new ChainNode(At(or), Compile(or.Operands), Truth.False),
        UnaryExpression unary => Unary(unary),
        BinaryExpression binary => Binary(binary),
        LikeExpression like => new LikeNode(At(like), Compile(like.Operand), like.Pattern),
        IsExpression test => Is(test),
        IfExpression choice => new IfNode(At(choice), Compile(choice.Condition), Compile(choice.Then), Compile(choice.Else)),
        SetExpression set => Set(set),
        RecordExpression record => Record(record),
        CallExpression call => Call(call),
        _ => throw new ArgumentException(
            $"The expression has the unknown type {expression.GetType()}.", nameof(expression)),
    };

    private SourceSpan At(Expression expression) => new(expression.Span.Start - origin, expression.Span.Length);

    private Node[] Compile(SyntaxList<Expression> expressions)
    {
        var nodes = new Node[expressions.Count];
        for (var i = 0; i < nodes.Length; i++)
            nodes[i] = Compile(expressions[i]);
        return nodes;
    }

    private HasNode Has(HasExpression has)
    {
        Steps += has.Path.Count;
        return new HasNode(At(has), Compile(has.Operand), [.. has.Path]);
    }

    private Node Unary(UnaryExpression unary)
    {
        var operand = Compile(unary.Operand);
        return unary.Operator switch
        {
            UnaryOperator.Not => new NotNode(At(unary), operand),
            UnaryOperator.Negate => new NegateNode(At(unary), operand),
            _ => new IsEmptyNode(At(unary), operand),
        };
    }

    private Node Binary(BinaryExpression binary)
    {
        var (span, left, right) = (At(binary), Compile(binary.Left), Compile(binary.Right));
        return binary.Operator switch
        {
            BinaryOperator.Equal or BinaryOperator.NotEqual => Equality(span, left, right, binary.Operator == BinaryOperator.NotEqual),
            BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual
                => new OrderNode(span, binary.Operator, left, right),
            BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply
                => new ArithmeticNode(span, binary.Operator, left, right),
            BinaryOperator.In => new InNode(span, left, right),
            BinaryOperator.Contains => new ContainsNode(span, left, right),
            BinaryOperator.ContainsAll or BinaryOperator.ContainsAny
                => new ContainsManyNode(span, left, right, binary.Operator == BinaryOperator.ContainsAll),
            BinaryOperator.GetTag => new GetTagNode(span, left, right),
            _ => new HasTagNode(span, left, right),
        };
    }

    private Predicate Equality(SourceSpan span, Node left, Node right, bool isNegated)
    {
        var (operand, constant) = right is ConstantNode ? (left, right) : (right, left);
        if (constant is not ConstantNode { Value: var value })
            return new EqualityNode(span, left, right, isNegated);
        Steps += value.Weight;
        return new ConstantEqualityNode(span, operand, value, isNegated);
    }

    private Predicate Is(IsExpression test)
    {
        Steps += Value.WeightOf(test.Type.Text.Length);
        var operand = Compile(test.Operand);
        return test.In is null ? new IsNode(At(test), operand, test.Type) : new IsInNode(At(test), operand, test.Type, Compile(test.In));
    }

    private Node Set(SetExpression set)
    {
        var elements = Compile(set.Elements);
        return Constants(elements) is { } values ? new ConstantNode(At(set), CedarSet.Of(values)) : new SetNode(At(set), elements);
    }

    private Node Record(RecordExpression record)
    {
        var names = new string[record.Fields.Count];
        var fields = new Node[names.Length];
        for (var i = 0; i < names.Length; i++)
            (names[i], fields[i]) = (record.Fields[i].Name, Compile(record.Fields[i].Value));
        Array.Sort(names, fields, StringComparer.Ordinal);
        return Constants(fields) is { } values
            ? new ConstantNode(At(record), new CedarRecord(names, values))
            : new RecordNode(At(record), names, fields);
    }

    private Node Call(CallExpression call)
    {
        var arguments = Compile(call.Arguments);
        if (Constants(arguments) is not { } values)
            return new CallNode(At(call), call.Function, arguments);
        var value = call.Function.Call(values, out var problem);
        return value.IsNone ? new FailingNode(At(call), problem!) : new ConstantNode(At(call), value);
    }

    private static Value[]? Constants(Node[] nodes)
    {
        var values = new Value[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i] is not ConstantNode constant)
                return null;
            values[i] = constant.Value;
        }

        return values;
    }
}
