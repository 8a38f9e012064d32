using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Validation;

/// <summary>Gathers what is wrong with one policy: each thing once, for however many kinds of requests, and up to a bound. It also counts the work.</summary>
internal sealed class Findings(string policyId, PolicySyntax policy, Limits limits)
{
    private readonly Dictionary<(SourceSpan, string), Diagnostic> _found = [];
    private long _steps;

    /// <summary>Whether anything stands in the way.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Whether there are as many errors as are reported.</summary>
    public bool IsFull => _found.Count >= limits.Errors;

    /// <summary>Whether no more work is to be done.</summary>
    public bool IsExhausted => _steps > limits.ValidationSteps;

    /// <summary>All of it, in the order of the text.</summary>
    public IEnumerable<Diagnostic> InOrder => _found.OrderBy(it => it.Key.Item1.Start).Select(it => it.Value);

    /// <summary>Counts steps; false when there were too many, which is an error.</summary>
    public bool Spend(long steps = 1)
    {
        var wasExhausted = IsExhausted;
        _steps += steps;
        if (IsExhausted && !wasExhausted)
            Error(policy.Span, ValidationCodes.LimitExceeded, $"to validate this policy takes more than {limits.ValidationSteps} steps");
        return !IsExhausted;
    }

    public void Error(SourceSpan span, string code, string message, string? help = null)
    {
        HasErrors = true;
        if (!IsFull)
            _found.TryAdd((span, message), At(span, code, message, help));
    }

    public void Warning(string code, string message, string? help = null)
        => _found.TryAdd((policy.Span, message), At(policy.Span, code, message, help) with { Severity = Severity.Warning });

    private Diagnostic At(SourceSpan span, string code, string message, string? help)
        => (policy.Source is { } source ? Diagnostic.At(source, span, code, message, help) : new Diagnostic { Code = code, Message = message, Help = help }) with { PolicyId = policyId };
}
