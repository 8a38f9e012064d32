using Warder.Cedar.Json;
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

    /// <summary>The JSON document that the text was read as, whose paths are in what is reported from then on.</summary>
    public JsonNode? Document { get; set; }

    public void Error(SourceSpan span, string code, string message, string? help = null)
        => Add(Diagnostic.At(source, span, code, message, help) with { Path = IsFull ? null : Document?.PathTo(span) });

    public void Warning(SourceSpan span, string code, string message, string? help = null)
        => Add(Diagnostic.At(source, span, code, message, help) with { Severity = Severity.Warning });

    private void Add(Diagnostic diagnostic)
    {
        HasErrors |= diagnostic.Severity == Severity.Error;
        if (!IsFull)
            _found.Add(diagnostic);
    }
}
