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
            if (frame.Find(uid) is not { } entity)
                return frame.Fail(EvaluationCodes.EntityMissing, operand.Span, "", from);
            return entity.Attributes.TryGetValue(attribute, out var value) ? value : frame.Fail(EvaluationCodes.AttributeMissing, Span, attribute, from);
        }

        if (from.TryGet(out CedarRecord? record))
            return record.TryGetValue(attribute, out var value) ? value : frame.Fail(EvaluationCodes.AttributeMissing, Span, attribute, from);
        return frame.WrongType(from, operand.Span, "an entity or a record");
    }
}

/// <summary><c>a has b.c.d</c>: each name is one of what the name before leads to. Where one is missing, the rest is not looked at.</summary>
internal sealed class HasNode(SourceSpan span, Node operand, string[] path) : Predicate(span)
{
    public override Truth Test(ref Frame frame)
    {
        var from = operand.Evaluate(ref frame);
        foreach (var name in path)
        {
            bool has;
            if (from.TryGet(out EntityUid? uid))
            {
                var found = default(Value);
                has = frame.Find(uid)?.Attributes.TryGetValue(name, out found) == true;
                from = found;
            }
            else if (from.TryGet(out CedarRecord? record))
            {
                has = record.TryGetValue(name, out from);
            }
            else
            {
                return Failed(frame.WrongType(from, operand.Span, "an entity or a record"));
            }

            if (!has)
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
        return right.TryGet(out string? tag) ? Is(frame.Find(uid)?.Tags.ContainsKey(tag) == true) : Failed(frame.WrongType(right, RightSpan, "a string"));
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
        if (frame.Find(uid) is not { } entity)
            return frame.Fail(EvaluationCodes.EntityMissing, operand.Span, "", from);
        return entity.Tags.TryGetValue(text, out var value) ? value : frame.Fail(EvaluationCodes.TagMissing, Span, text, from);
    }
}
