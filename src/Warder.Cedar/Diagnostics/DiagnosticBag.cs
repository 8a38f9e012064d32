using Warder.Cedar.Json;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Diagnostics;

/// <summary>Gathers what is wrong with one text, up to a bound: behind it, the rest is not worth reading.</summary>
internal sealed class DiagnosticBag(SourceText source, int limit)
{
    private readonly List<Diagnostic> _found = [];

    private int _errors;
    private int _warnings;

    /// <summary>Whether anything stands in the way.</summary>
    public bool HasErrors => _errors > 0;

    /// <summary>Whether there are as many errors as are reported: then the rest need not be read. Warnings end nothing.</summary>
    public bool IsFull => _errors >= limit;

    public IReadOnlyList<Diagnostic> Found => _found;

    /// <summary>The JSON document that the text was read as, whose paths are in what is reported from then on.</summary>
    public JsonNode? Document { get; set; }

    public void Error(SourceSpan span, string code, string message, string? help = null)
    {
        if (_errors++ < limit)
            _found.Add(Diagnostic.At(source, span, code, message, help) with { Path = Document?.PathTo(span) });
    }

    public void Warning(SourceSpan span, string code, string message, string? help = null)
    {
        if (_warnings++ < limit)
            _found.Add(Diagnostic.At(source, span, code, message, help) with { Severity = Severity.Warning });
    }
}
