using Warder.Cedar.Json;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Diagnostics;

/// <summary>Collects the diagnostics of one text, up to a maximum number of errors.</summary>
internal sealed class DiagnosticBag(SourceText source, int limit)
{
    private readonly List<Diagnostic> _found = [];

    private int _errors;
    private int _warnings;

    /// <summary>Whether there are errors.</summary>
    public bool HasErrors => _errors > 0;

    /// <summary>Whether the maximum number of errors is reached. The caller can then stop reading. Warnings do not count.</summary>
    public bool IsFull => _errors >= limit;

    public IReadOnlyList<Diagnostic> Found => _found;

    /// <summary>The JSON document of the text. Diagnostics that are reported after it is set contain a path in it.</summary>
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
