using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary><c>a in b</c>, where <c>b</c> is an entity or a set of entities.</summary>
internal sealed class InNode(SourceSpan span, Node left, Node right) : Relation(span, left, right)
{
    protected override Truth Holds(ref Frame frame, Value left, Value right)
        => left.TryGet(out EntityUid? uid)
            ? Membership.Test(ref frame, uid, right, LeftSpan, RightSpan, Span)
            : Failed(frame.WrongType(left, LeftSpan, "an entity"));
}

/// <summary>
/// <c>a is Type in b</c>: equivalent to <c>a is Type &amp;&amp; a in b</c>, with <c>a</c> evaluated once. For another type <c>b</c> is not
/// evaluated.
/// </summary>
internal sealed class IsInNode(SourceSpan span, Node operand, EntityTypeName type, Node within) : Predicate(span)
{
    public override Truth Test(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        if (!value.TryGet(out EntityUid? uid))
            return Failed(frame.WrongType(value, operand.Span, "an entity"));
        if (!uid.Type.Equals(type))
            return Truth.False;
        var group = within.Evaluate(ref frame);
        return group.IsNone ? Truth.Failed : Membership.Test(ref frame, uid, group, operand.Span, within.Span, Span);
    }
}

/// <summary>Tests whether an entity is in another entity or in an entity of a set.</summary>
internal static class Membership
{
    // The steps of one element beside its comparison: its uid is looked up among the ancestors of the entity.
    private const int LookUpSteps = 2;

    /// <param name="frame">The state of the decision.</param>
    /// <param name="uid">The entity.</param>
    /// <param name="group">The other entity, or the set.</param>
    /// <param name="left">The position of the entity.</param>
    /// <param name="right">The position of the group.</param>
    /// <param name="span">The position of the whole expression.</param>
    public static Truth Test(ref Frame frame, EntityUid uid, Value group, SourceSpan left, SourceSpan right, SourceSpan span)
    {
        if (group.TryGet(out EntityUid? one))
            return frame.Take(one.Weight, span) ? Is(frame.IsIn(uid, one, left)) : Truth.Failed;
        if (!group.TryGet(out CedarSet? set))
            return Failed(frame.WrongType(group, right, "an entity or a set of entities"));
        if (!frame.Take(set.Weight + (LookUpSteps * (long)set.Count), span))
            return Truth.Failed;

        // An element that is no entity fails the test, even after a matching element.
        var (isIn, isFound, entity) = (false, false, (Entity?)null);
        foreach (var element in set.Elements)
        {
            if (!element.TryGet(out EntityUid? member))
                return Failed(frame.WrongType(element, right, "an entity"));
            if (isIn || (isIn = uid.Equals(member)))
                continue;
            if (!isFound)
            {
                (isFound, entity) = (true, frame.Find(uid, left));
                entity = entity is null ? null : frame.WithAncestors(entity, left);
            }

            isIn = entity?.IsInside(member) == true;
        }

        return Is(isIn);
    }

    private static Truth Is(bool holds) => holds ? Truth.True : Truth.False;

    private static Truth Failed(Value _) => Truth.Failed;
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
