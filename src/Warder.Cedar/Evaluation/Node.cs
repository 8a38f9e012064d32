using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary>The result of evaluating a condition.</summary>
internal enum Truth : byte
{
    False,
    True,

    /// <summary>The evaluation failed. The frame has the cause.</summary>
    Failed,
}

/// <summary>
/// A compiled expression: a node of an immutable tree. Common evaluations allocate nothing. A failed evaluation returns no value
/// (<see cref="Value.IsNone"/>); nothing throws.
/// </summary>
internal abstract class Node(SourceSpan span)
{
    /// <summary>The position of the expression.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>Evaluates the expression.</summary>
    public abstract Value Evaluate(ref Frame frame);

    /// <summary>Evaluates the expression as a condition. A value that is not a boolean fails.</summary>
    public virtual Truth Test(ref Frame frame)
    {
        var value = Evaluate(ref frame);
        if (value.TryGet(out bool holds))
            return holds ? Truth.True : Truth.False;
        frame.WrongType(value, Span, "a boolean");
        return Truth.Failed;
    }
}

/// <summary>An expression whose value, if any, is a boolean.</summary>
internal abstract class Predicate(SourceSpan span) : Node(span)
{
    public sealed override Value Evaluate(ref Frame frame) => Test(ref frame) switch
    {
        Truth.True => Value.True,
        Truth.False => Value.False,
        _ => default,
    };

    public abstract override Truth Test(ref Frame frame);

    protected static Truth Is(bool holds) => holds ? Truth.True : Truth.False;

    protected static Truth Failed(Value _) => Truth.Failed;
}

/// <summary>A relation of two values. Both are evaluated, the left one first.</summary>
internal abstract class Relation(SourceSpan span, Node left, Node right) : Predicate(span)
{
    /// <summary>The position of the left operand.</summary>
    protected SourceSpan LeftSpan => left.Span;

    /// <summary>The position of the right operand.</summary>
    protected SourceSpan RightSpan => right.Span;

    public sealed override Truth Test(ref Frame frame)
    {
        var a = left.Evaluate(ref frame);
        if (a.IsNone)
            return Truth.Failed;
        var b = right.Evaluate(ref frame);
        return b.IsNone ? Truth.Failed : Holds(ref frame, a, b);
    }

    /// <summary>Whether the relation holds between two values.</summary>
    protected abstract Truth Holds(ref Frame frame, Value left, Value right);
}
