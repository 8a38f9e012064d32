using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary><c>a == b</c> and <c>a != b</c></summary>
internal sealed class EqualityNode(SourceSpan span, Node left, Node right, bool isNegated) : Relation(span, left, right)
{
    protected override Truth Holds(ref Frame frame, Value left, Value right)
        => frame.Take(Math.Min(left.Weight, right.Weight), Span) ? Is(left.Equals(right) != isNegated) : Truth.Failed;
}

/// <summary>
/// <c>a == b</c> and <c>a != b</c> with one constant operand, whose weight bounds the steps of the comparison at compile time.
/// </summary>
internal sealed class ConstantEqualityNode(SourceSpan span, Node operand, Value constant, bool isNegated) : Predicate(span)
{
    public override Truth Test(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        return value.IsNone ? Truth.Failed : Is(value.Equals(constant) != isNegated);
    }
}

/// <summary><c>a &lt; b</c> and the other orders: between integers, datetimes or durations.</summary>
internal sealed class OrderNode(SourceSpan span, BinaryOperator order, Node left, Node right) : Relation(span, left, right)
{
    protected override Truth Holds(ref Frame frame, Value left, Value right)
    {
        if (left.TryGet(out long number))
            return right.TryGet(out long other) ? Compare(number, other) : WrongRight(ref frame, right, "an integer");
        if (left.TryGet(out CedarDateTime moment))
            return right.TryGet(out CedarDateTime other)
                ? Compare(moment.UnixMilliseconds, other.UnixMilliseconds)
                : WrongRight(ref frame, right, "a datetime");
        if (left.TryGet(out CedarDuration duration))
            return right.TryGet(out CedarDuration other)
                ? Compare(duration.Milliseconds, other.Milliseconds)
                : WrongRight(ref frame, right, "a duration");
        return Failed(frame.WrongType(left, LeftSpan, "an integer, a datetime or a duration"));
    }

    private Truth WrongRight(ref Frame frame, Value right, string expected) => Failed(frame.WrongType(right, RightSpan, expected));

    private Truth Compare(long a, long b) => Is(order switch
    {
        BinaryOperator.Less => a < b,
        BinaryOperator.LessOrEqual => a <= b,
        BinaryOperator.Greater => a > b,
        _ => a >= b,
    });
}

/// <summary><c>a like "pattern"</c></summary>
internal sealed class LikeNode(SourceSpan span, Node operand, Pattern pattern) : Predicate(span)
{
    public override Truth Test(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        if (!value.TryGet(out string? text))
            return Failed(frame.WrongType(value, operand.Span, "a string"));
        return frame.Take(pattern.Steps(text.Length), Span) ? Is(pattern.Matches(text)) : Truth.Failed;
    }
}
