using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Evaluation;

/// <summary>The cause and the position of a failed evaluation. It holds the data of the message, which is formatted on demand.</summary>
internal readonly record struct Failure(string Code, SourceSpan Span, string Detail, Value Found)
{
    /// <summary>Creates the failure of an evaluation that ran out of steps.</summary>
    public static Failure OutOfSteps(SourceSpan span)
        => new(EvaluationCodes.LimitExceeded, span, "the decision takes more steps than are allowed", default);

    public string Message => Code switch
    {
        EvaluationCodes.TypeError => $"{Detail} is expected, not {Kinds.Name(Found.Kind)}",
        EvaluationCodes.EntityMissing => $"the entity `{Found}` does not exist",
        EvaluationCodes.AttributeMissing
            => Found.Kind == ValueKind.Entity ? $"`{Found}` has no attribute `{Detail}`" : $"the record has no attribute `{Detail}`",
        EvaluationCodes.TagMissing => $"`{Found}` has no tag `{Detail}`",
        _ => Detail,
    };
}
