using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Validation;

/// <summary>The steps that are left for validating a set of policies.</summary>
internal sealed class ValidationSteps(long most)
{
    private long _left = most;

    /// <summary>Whether there was something to do and no step left for it.</summary>
    public bool AreSpent => _left < 0;

    /// <summary>How many there were at first.</summary>
    public long Most { get; } = most;

    /// <summary>How many were taken.</summary>
    public long Taken => Most - _left;

    public void Take(long steps) => _left -= steps;
}

/// <summary>
/// Gathers what is wrong with one policy: each thing once, for however many kinds of requests, and up to a bound. It also counts the work.
/// </summary>
internal sealed class Findings(string policyId, PolicySyntax policy, Limits limits, ValidationSteps steps)
{
    // An error's message is written for each kind of requests; one that is new is also looked up in the text, and kept.
    private const int MessageSteps = 300;
    private const int ErrorSteps = 400;
    private const int CharactersAStep = 2;

    private readonly Dictionary<(SourceSpan, string), Diagnostic> _found = [];
    private bool _isSpent;

    /// <summary>Whether anything stands in the way.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Whether there are as many errors as are reported.</summary>
    public bool IsFull => _found.Count >= limits.Errors;

    /// <summary>All of it, in the order of the text.</summary>
    public IEnumerable<Diagnostic> InOrder => _found.OrderBy(it => it.Key.Item1.Start).Select(it => it.Value);

    /// <summary>Counts steps, before what they are for is done; false when there are not so many left, which is an error.</summary>
    public bool Spend(long count = 1)
    {
        if (!steps.AreSpent)
            steps.Take(count);
        if (!steps.AreSpent)
            return true;
        if (!_isSpent)
        {
            (_isSpent, HasErrors) = (true, true);
            Add(policy.Span, ValidationCodes.LimitExceeded, $"to validate these policies takes more than {steps.Most} steps, and here none are left");
        }

        return false;
    }

    public void Error(SourceSpan span, string code, string message, string? help = null)
    {
        if (IsNew(span, message))
            Add(span, code, message, help);
    }

    /// <summary>An error about a name that is not there, with the nearest of those that are.</summary>
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
        return Spend(MessageSteps + (message.Length / CharactersAStep)) && !IsFull && !_found.ContainsKey((span, message)) && Spend(ErrorSteps);
    }

    private void Add(SourceSpan span, string code, string message, string? help = null) => _found.TryAdd((span, message), At(span, code, message, help));

    private Diagnostic At(SourceSpan span, string code, string message, string? help)
        => (policy.Source is { } source ? Diagnostic.At(source, span, code, message, help) : new Diagnostic { Code = code, Message = message, Help = help }) with { PolicyId = policyId };
}
