using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary><c>-a</c></summary>
internal sealed class NegateNode(SourceSpan span, Node operand) : Node(span)
{
    public override Value Evaluate(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        if (!value.TryGet(out long number))
            return frame.WrongType(value, operand.Span, "an integer");
        return number == long.MinValue
            ? frame.Fail(EvaluationCodes.Overflow, Span, "the negative of the smallest integer is beyond 64 bits")
            : -number;
    }
}

/// <summary><c>a + b</c>, <c>a - b</c> and <c>a * b</c></summary>
internal sealed class ArithmeticNode(SourceSpan span, BinaryOperator operation, Node left, Node right) : Node(span)
{
    public override Value Evaluate(ref Frame frame)
    {
        var a = left.Evaluate(ref frame);
        if (a.IsNone)
            return default;
        var b = right.Evaluate(ref frame);
        if (b.IsNone)
            return default;
        if (!a.TryGet(out long number))
            return frame.WrongType(a, left.Span, "an integer");
        if (!b.TryGet(out long other))
            return frame.WrongType(b, right.Span, "an integer");
        var result = operation switch
        {
            BinaryOperator.Add => (Int128)number + other,
            BinaryOperator.Subtract => (Int128)number - other,
            _ => (Int128)number * other,
        };
        return result == (long)result
            ? (long)result
            : frame.Fail(EvaluationCodes.Overflow, Span, $"{number} {PolicyText.Infix(operation)} {other} is beyond 64 bits");
    }
}
