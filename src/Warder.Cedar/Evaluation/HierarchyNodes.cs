using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary><c>a in b</c>, where b is an entity or a set of entities.</summary>
internal sealed class InNode(SourceSpan span, Node left, Node right) : Relation(span, left, right)
{
    protected override Truth Holds(ref Frame frame, Value left, Value right)
        => left.TryGet(out EntityUid? uid) ? IsIn(ref frame, uid, right) : Failed(frame.WrongType(left, LeftSpan, "an entity"));

    private Truth IsIn(ref Frame frame, EntityUid uid, Value group)
    {
        if (group.TryGet(out EntityUid? one))
            return Is(frame.IsIn(uid, one));
        if (!group.TryGet(out CedarSet? set))
            return Failed(frame.WrongType(group, RightSpan, "an entity or a set of entities"));
        if (!frame.Take(set.Count, Span))
            return Truth.Failed;

        // One element that is no entity fails, also behind another in which it is.
        var isIn = false;
        foreach (var element in set.Elements)
        {
            if (!element.TryGet(out EntityUid? member))
                return Failed(frame.WrongType(element, RightSpan, "an entity"));
            isIn = isIn || frame.IsIn(uid, member);
        }

        return Is(isIn);
    }
}

/// <summary><c>a is Type</c></summary>
internal sealed class IsNode(SourceSpan span, Node operand, EntityTypeName type) : Predicate(span)
{
    public override Truth Test(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        return value.TryGet(out EntityUid? uid) ? Is(uid.Type.Equals(type)) : Failed(frame.WrongType(value, operand.Span, "an entity"));
    }
}
