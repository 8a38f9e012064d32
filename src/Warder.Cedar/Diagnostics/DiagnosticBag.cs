using Warder.Cedar.Syntax;

namespace Warder.Cedar.Diagnostics;

/// <summary>Gathers what is wrong with one text, up to a bound: behind it, the rest is not worth reading.</summary>
internal sealed class DiagnosticBag(SourceText source, int limit)
{
    private readonly List<Diagnostic> _found = [];

    /// <summary>Whether anything stands in the way.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Whether there are as many errors as are reported.</summary>
    public bool IsFull => _found.Count >= limit;

    public IReadOnlyList<Diagnostic> Found => _found;

    public void Error(SourceSpan span, string code, string message, string? help = null)
    {
        HasErrors = true;
        if (!IsFull)
            _found.Add(Diagnostic.At(source, span, code, message, help));
    }
}
