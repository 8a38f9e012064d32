using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary><c>a.name</c></summary>
internal sealed class AttributeNode(SourceSpan span, Node operand, string attribute) : Node(span)
{
    public override Value Evaluate(ref Frame frame)
    {
        var from = operand.Evaluate(ref frame);
        if (from.TryGet(out EntityUid? uid))
        {
            if (frame.Find(uid, operand.Span) is not { } entity)
                return frame.Fail(EvaluationCodes.EntityMissing, operand.Span, "", from);
            if (!frame.Take(entity.Attributes.StepsToFind(attribute), Span))
                return default;
            return entity.Attributes.TryGetValue(attribute, out var value)
                ? value
                : frame.Fail(EvaluationCodes.AttributeMissing, Span, attribute, from);
        }

        if (from.TryGet(out CedarRecord? record))
        {
            if (!frame.Take(record.StepsToFind(attribute), Span))
                return default;
            return record.TryGetValue(attribute, out var value)
                ? value
                : frame.Fail(EvaluationCodes.AttributeMissing, Span, attribute, from);
        }

        return frame.WrongType(from, operand.Span, "an entity or a record");
    }
}

/// <summary>
/// <c>a has b.c.d</c>: each further name is an attribute of the value before it. At a missing attribute the evaluation stops.
/// </summary>
internal sealed class HasNode(SourceSpan span, Node operand, string[] path) : Predicate(span)
{
    public override Truth Test(ref Frame frame)
    {
        var from = operand.Evaluate(ref frame);
        foreach (var name in path)
        {
            var fields = from.TryGet(out EntityUid? uid) ? frame.Find(uid, operand.Span)?.Attributes ?? CedarRecord.Empty
                : from.TryGet(out CedarRecord? record) ? record
                : null;
            if (fields is null)
                return Failed(frame.WrongType(from, operand.Span, "an entity or a record"));
            if (!frame.Take(fields.StepsToFind(name), Span))
                return Truth.Failed;
            if (!fields.TryGetValue(name, out from))
                return Truth.False;
        }

        return Truth.True;
    }
}

/// <summary><c>a.hasTag(b)</c></summary>
internal sealed class HasTagNode(SourceSpan span, Node operand, Node name) : Relation(span, operand, name)
{
    protected override Truth Holds(ref Frame frame, Value left, Value right)
    {
        if (!left.TryGet(out EntityUid? uid))
            return Failed(frame.WrongType(left, LeftSpan, "an entity"));
        if (!right.TryGet(out string? tag))
            return Failed(frame.WrongType(right, RightSpan, "a string"));
        if (frame.Find(uid, LeftSpan)?.Tags is not { } tags)
            return Truth.False;
        return frame.Take(tags.StepsToFind(tag), Span) ? Is(tags.ContainsKey(tag)) : Truth.Failed;
    }
}

/// <summary><c>a.getTag(b)</c></summary>
internal sealed class GetTagNode(SourceSpan span, Node operand, Node name) : Node(span)
{
    public override Value Evaluate(ref Frame frame)
    {
        var from = operand.Evaluate(ref frame);
        if (from.IsNone)
            return default;
        var tag = name.Evaluate(ref frame);
        if (tag.IsNone)
            return default;
        if (!from.TryGet(out EntityUid? uid))
            return frame.WrongType(from, operand.Span, "an entity");
        if (!tag.TryGet(out string? text))
            return frame.WrongType(tag, name.Span, "a string");
        if (frame.Find(uid, operand.Span) is not { } entity)
            return frame.Fail(EvaluationCodes.EntityMissing, operand.Span, "", from);
        if (!frame.Take(entity.Tags.StepsToFind(text), Span))
            return default;
        return entity.Tags.TryGetValue(text, out var value) ? value : frame.Fail(EvaluationCodes.TagMissing, Span, text, from);
    }
}
