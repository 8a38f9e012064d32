using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary>
/// <c>a &amp;&amp; b &amp;&amp; c</c>, which continues while operands are true, and <c>a || b || c</c>, which continues while they are
/// false.
/// </summary>
internal sealed class ChainNode(SourceSpan span, Node[] operands, Truth goesOn) : Predicate(span)
{
    public override Truth Test(ref Frame frame)
    {
        foreach (var operand in operands)
        {
            var truth = operand.Test(ref frame);
            if (truth != goesOn)
                return truth;
        }

        return goesOn;
    }
}

/// <summary><c>!a</c></summary>
internal sealed class NotNode(SourceSpan span, Node operand) : Predicate(span)
{
    public override Truth Test(ref Frame frame) => operand.Test(ref frame) switch
    {
        Truth.True => Truth.False,
        Truth.False => Truth.True,
        _ => Truth.Failed,
    };
}

/// <summary><c>if a then b else c</c></summary>
internal sealed class IfNode(SourceSpan span, Node condition, Node then, Node otherwise) : Node(span)
{
    public override Value Evaluate(ref Frame frame) => condition.Test(ref frame) switch
    {
        Truth.True => then.Evaluate(ref frame),
        Truth.False => otherwise.Evaluate(ref frame),
        _ => default,
    };

    public override Truth Test(ref Frame frame) => condition.Test(ref frame) switch
    {
        Truth.True => then.Test(ref frame),
        Truth.False => otherwise.Test(ref frame),
        _ => Truth.Failed,
    };
}
