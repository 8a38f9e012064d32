using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary>A constant value.</summary>
internal sealed class ConstantNode(SourceSpan span, Value value) : Node(span)
{
    public Value Value { get; } = value;

    public override Value Evaluate(ref Frame frame) => Value;
}

/// <summary>A call with constant arguments that always fails.</summary>
internal sealed class FailingNode(SourceSpan span, string problem) : Node(span)
{
    public override Value Evaluate(ref Frame frame) => frame.Fail(EvaluationCodes.ExtensionError, Span, problem);
}

/// <summary>A part of the request.</summary>
internal sealed class VariableNode(SourceSpan span, Variable variable) : Node(span)
{
    public override Value Evaluate(ref Frame frame) => variable switch
    {
        Variable.Principal => frame.Request.Principal,
        Variable.Action => frame.Request.Action,
        Variable.Resource => frame.Request.Resource,
        _ => frame.Request.Context,
    };
}

/// <summary>An attribute of the context.</summary>
internal sealed class ContextNode(SourceSpan span, string attribute) : Node(span)
{
    public override Value Evaluate(ref Frame frame)
    {
        var context = frame.Request.Context;
        if (!frame.Take(context.StepsToFind(attribute), Span))
            return default;
        return context.TryGetValue(attribute, out var value)
            ? value
            : frame.Fail(EvaluationCodes.AttributeMissing, Span, attribute, context);
    }
}

/// <summary>An attribute of the principal or the resource.</summary>
internal sealed class PartyNode(SourceSpan span, bool isPrincipal, string attribute) : Node(span)
{
    public override Value Evaluate(ref Frame frame)
    {
        if ((isPrincipal ? frame.Principal : frame.Resource) is not { } entity)
            return frame.Fail(EvaluationCodes.EntityMissing, Span, "", Uid(ref frame));
        if (!frame.Take(entity.Attributes.StepsToFind(attribute), Span))
            return default;
        return entity.Attributes.TryGetValue(attribute, out var value)
            ? value
            : frame.Fail(EvaluationCodes.AttributeMissing, Span, attribute, Uid(ref frame));
    }

    private EntityUid Uid(ref Frame frame) => isPrincipal ? frame.Request.Principal : frame.Request.Resource;
}
