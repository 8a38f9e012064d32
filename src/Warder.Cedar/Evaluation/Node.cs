using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary>What a condition comes to.</summary>
internal enum Truth : byte
{
    False,
    True,

    /// <summary>Neither: the evaluation failed, and the frame has why.</summary>
    Failed,
}

/// <summary>
/// An expression, ready to be evaluated: a tree that never changes and, for what decisions mostly do, allocates nothing. Evaluation gives
/// no value (<see cref="Value.IsNone"/>) when it fails; nothing throws.
/// </summary>
internal abstract class Node(SourceSpan span)
{
    /// <summary>Where the expression stands.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>Its value.</summary>
    public abstract Value Evaluate(ref Frame frame);

    /// <summary>Its value as a condition: anything but a boolean fails.</summary>
    public virtual Truth Test(ref Frame frame)
    {
        var value = Evaluate(ref frame);
        if (value.TryGet(out bool holds))
            return holds ? Truth.True : Truth.False;
        frame.WrongType(value, Span, "a boolean");
        return Truth.Failed;
    }
}

/// <summary>An expression that gives a boolean, if anything.</summary>
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

/// <summary>A relation of two values: both are evaluated, the left one first.</summary>
internal abstract class Relation(SourceSpan span, Node left, Node right) : Predicate(span)
{
    /// <summary>Where the left operand stands.</summary>
    protected SourceSpan LeftSpan => left.Span;

    /// <summary>Where the right operand stands.</summary>
    protected SourceSpan RightSpan => right.Span;

    public sealed override Truth Test(ref Frame frame)
    {
        var a = left.Evaluate(ref frame);
        if (a.IsNone)
            return Truth.Failed;
        var b = right.Evaluate(ref frame);
        return b.IsNone ? Truth.Failed : Holds(ref frame, a, b);
    }

    /// <summary>Whether it holds between two values.</summary>
    protected abstract Truth Holds(ref Frame frame, Value left, Value right);
}
