using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary><c>[a, b, c]</c> with at least one element that is not constant.</summary>
internal sealed class SetNode(SourceSpan span, Node[] elements) : Node(span)
{
    // The steps of adding an element beside its hash: the set stores it, and compares it with a few elements or with those of the same
    // hash.
    private const int BuildSteps = 2;

    public override Value Evaluate(ref Frame frame)
    {
        var values = new Value[elements.Length];
        var weight = 0L;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = elements[i].Evaluate(ref frame);
            if (values[i].IsNone)
                return default;
            weight += values[i].Weight;
        }

        if (!frame.Take(weight + (BuildSteps * (long)values.Length), Span))
            return default;
        var set = CedarSet.Of(values);
        return set.Depth > Limits.Depth ? frame.TooDeep(Span) : set;
    }
}

/// <summary><c>{name: a}</c> with at least one field that is not constant. The names are in ordinal order.</summary>
internal sealed class RecordNode(SourceSpan span, string[] names, Node[] fields) : Node(span)
{
    public override Value Evaluate(ref Frame frame)
    {
        var values = new Value[fields.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = fields[i].Evaluate(ref frame);
            if (values[i].IsNone)
                return default;
        }

        var record = new CedarRecord(names, values);
        return record.Depth > Limits.Depth ? frame.TooDeep(Span) : record;
    }
}

/// <summary><c>a.isEmpty()</c></summary>
internal sealed class IsEmptyNode(SourceSpan span, Node operand) : Predicate(span)
{
    public override Truth Test(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        return value.TryGet(out CedarSet? set) ? Is(set.Count == 0) : Failed(frame.WrongType(value, operand.Span, "a set"));
    }
}

/// <summary><c>a.contains(b)</c></summary>
internal sealed class ContainsNode(SourceSpan span, Node left, Node right) : Relation(span, left, right)
{
    protected override Truth Holds(ref Frame frame, Value left, Value right)
    {
        if (!left.TryGet(out CedarSet? set))
            return Failed(frame.WrongType(left, LeftSpan, "a set"));
        return frame.Take(set.StepsToFind(right.Weight, 1), Span) ? Is(set.Contains(right)) : Truth.Failed;
    }
}

/// <summary><c>a.containsAll(b)</c> and <c>a.containsAny(b)</c></summary>
internal sealed class ContainsManyNode(SourceSpan span, Node left, Node right, bool isAll) : Relation(span, left, right)
{
    protected override Truth Holds(ref Frame frame, Value left, Value right)
    {
        if (!left.TryGet(out CedarSet? set))
            return Failed(frame.WrongType(left, LeftSpan, "a set"));
        if (!right.TryGet(out CedarSet? other))
            return Failed(frame.WrongType(right, RightSpan, "a set"));
        if (!frame.Take(isAll ? set.StepsToFind(other.Weight, other.Count) : set.StepsToFindAny(other), Span))
            return Truth.Failed;
        return Is(isAll ? set.ContainsAll(other) : set.ContainsAny(other));
    }
}

/// <summary>A call of a function or method of an extension type, with at least one argument that is not constant.</summary>
internal sealed class CallNode(SourceSpan span, ExtensionFunction function, Node[] arguments) : Node(span)
{
    public override Value Evaluate(ref Frame frame)
    {
        if (arguments.Length > 2)
            return CallMany(ref frame);
        var first = arguments[0].Evaluate(ref frame);
        if (first.IsNone)
            return default;
        var second = arguments.Length > 1 ? arguments[1].Evaluate(ref frame) : default;
        if ((arguments.Length > 1 && second.IsNone) || !frame.Take(first.Weight, Span))
            return default;
        return Call(ref frame, [first, second]);
    }

    private Value Call(ref Frame frame, scoped ReadOnlySpan<Value> values)
    {
        var value = function.Call(values[..Math.Min(values.Length, arguments.Length)], out var problem);
        return value.IsNone ? frame.Fail(EvaluationCodes.ExtensionError, Span, problem!) : value;
    }

    // A call with too many arguments fails, but only after each argument is evaluated.
    private Value CallMany(ref Frame frame)
    {
        var values = new Value[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Evaluate(ref frame);
            if (values[i].IsNone)
                return default;
        }

        return Call(ref frame, values);
    }
}
