using Warder.Cedar.Diagnostics;
using Warder.Cedar.Evaluation;
using Warder.Cedar.Indexing;

namespace Warder.Cedar;

/// <summary>
/// A policy that could not be evaluated, and the cause. The decision ignores the policy. (Cedar documentation: "Authorization".)
/// </summary>
public sealed class EvaluationError
{
    private readonly IndexedPolicy _policy;
    private readonly Failure _failure;

    internal EvaluationError(IndexedPolicy policy, Failure failure) => (_policy, _failure) = (policy, failure);

    /// <summary>The policy.</summary>
    public Policy Policy => _policy.Policy;

    /// <summary>The id of the policy.</summary>
    public string PolicyId => Policy.Id;

    /// <summary>The cause for programs: one of <see cref="EvaluationCodes"/>.</summary>
    public string Code => _failure.Code;

    /// <summary>The cause for people.</summary>
    public string Message => Shortened.Text(_failure.Message);

    internal int Ordinal => _policy.Ordinal;

    /// <summary>Creates a diagnostic with the position in the policy's text. The method computes the position on each call.</summary>
    public Diagnostic ToDiagnostic()
    {
        if (Policy.Syntax.Source is not { } source)
            return new Diagnostic { Code = Code, Message = Message, PolicyId = PolicyId };
        var span = _failure.Span with { Start = Rule.OriginOf(Policy.Syntax) + _failure.Span.Start };
        return Diagnostic.At(source, span, Code, Message) with { PolicyId = PolicyId };
    }

    /// <summary>Formats the policy id and the cause.</summary>
    public override string ToString() => $"{PolicyId}: {Message}";
}
