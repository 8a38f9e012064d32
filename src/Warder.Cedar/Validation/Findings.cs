using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Validation;

/// <summary>The remaining steps of validating a policy set.</summary>
internal sealed class ValidationSteps(long most)
{
    private long _left = most;

    /// <summary>Whether the validation needed more steps than there were.</summary>
    public bool AreSpent => _left < 0;

    /// <summary>The initial number of steps.</summary>
    public long Most { get; } = most;

    /// <summary>The number of steps taken.</summary>
    public long Taken => Most - _left;

    public void Take(long steps) => _left -= steps;
}

/// <summary>
/// Collects the diagnostics of one policy, up to a maximum number, each once for any number of request kinds. It also counts the steps.
/// </summary>
internal sealed class Findings(string policyId, PolicySyntax policy, Limits limits, ValidationSteps steps)
{
    // The message of an error is formatted for each kind of request. A new error is also located in the text and kept.
    private const int MessageSteps = 300;
    private const int ErrorSteps = 400;
    private const int CharactersAStep = 2;

    private readonly Dictionary<(SourceSpan, string), Diagnostic> _found = [];
    private bool _isSpent;

    /// <summary>Whether there are errors.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Whether the maximum number of diagnostics is reached.</summary>
    public bool IsFull => _found.Count >= limits.Errors;

    /// <summary>All diagnostics, in the order of the text.</summary>
    public IEnumerable<Diagnostic> InOrder => _found.OrderBy(it => it.Key.Item1.Start).Select(it => it.Value);

    /// <summary>Counts steps before the work is done. Returns false and reports an error when too few remain.</summary>
    public bool Spend(long count = 1)
    {
        if (!steps.AreSpent)
            steps.Take(count);
        if (!steps.AreSpent)
            return true;
        if (!_isSpent)
        {
            (_isSpent, HasErrors) = (true, true);
            Add(
                policy.Span, ValidationCodes.LimitExceeded,
                $"the validation of these policies exceeds {steps.Most} steps");
        }

        return false;
    }

    public void Error(SourceSpan span, string code, string message, string? help = null)
    {
        if (IsNew(span, message))
            Add(span, code, message, help);
    }

    /// <summary>Reports an unknown name, and suggests the nearest known name.</summary>
    public void Error(SourceSpan span, string code, string message, string given, IEnumerable<string> candidates)
    {
        if (!IsNew(span, message))
            return;
        var nearest = Spelling.Nearest(given, candidates, out var looked);
        Spend(looked);
        Add(span, code, message, nearest is null ? null : Spelling.HelpWith(nearest));
    }

    public void Warning(string code, string message, string? help = null)
        => _found.TryAdd((policy.Span, message), At(policy.Span, code, message, help) with { Severity = Severity.Warning });

    private bool IsNew(SourceSpan span, string message)
    {
        HasErrors = true;
        return Spend(MessageSteps + (message.Length / CharactersAStep)) && !IsFull && !_found.ContainsKey((span, message))
            && Spend(ErrorSteps);
    }

    private void Add(SourceSpan span, string code, string message, string? help = null)
        => _found.TryAdd((span, message), At(span, code, message, help));

    private Diagnostic At(SourceSpan span, string code, string message, string? help)
        => (policy.Source is { } source
            ? Diagnostic.At(source, span, code, message, help)
            : new Diagnostic { Code = code, Message = message, Help = help }) with
        {
            PolicyId = policyId,
        };
}
