using System.Text;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Diagnostics;

/// <summary>The severity of a diagnostic.</summary>
public enum Severity
{
    /// <summary>The input cannot be used.</summary>
    Error,

    /// <summary>The input can be used, but may not have the intended meaning.</summary>
    Warning,
}

/// <summary>
/// An error or warning about a policy, a schema, entities or a request, with its position. A diagnostic is a value, never an exception.
/// Two diagnostics are equal when all their members are equal.
/// </summary>
public sealed record Diagnostic
{
    /// <summary>Whether the diagnostic is an error or a warning.</summary>
    public Severity Severity { get; init; }

    /// <summary>The code for programs: one of the constants of the <c>…Codes</c> classes.</summary>
    public required string Code { get; init; }

    /// <summary>The message for people: one sentence without the position, of at most 4,000 characters.</summary>
    public required string Message { get; init => field = Shortened.Text(value); }

    /// <summary>A suggested correction (<c>did you mean `principal`?</c>); null when there is none.</summary>
    public string? Help { get; init => field = value is null ? null : Shortened.Text(value); }

    /// <summary>The name of the file; null when it has none.</summary>
    public string? File { get; init; }

    /// <summary>The line, from 1; 0 when the input was not text.</summary>
    public int Line { get; init; }

    /// <summary>The column in characters, from 1; 0 when the input was not text.</summary>
    public int Column { get; init; }

    /// <summary>The line, and below it carets under the position; null when the input was not text.</summary>
    public string? Excerpt { get; init; }

    /// <summary>The path in a JSON document (<c>[0].attrs.owner</c>); null when the input was not JSON.</summary>
    public string? Path { get; init => field = value is null ? null : Shortened.Text(value); }

    /// <summary>The id of the affected policy; null when it is unknown.</summary>
    public string? PolicyId { get; init; }

    /// <summary>Formats the diagnostic in the style of a compiler.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (File is not null)
            text.Append(File).Append(':');
        if (Line > 0)
            text.Append(Line).Append(':').Append(Column).Append(':');
        if (!string.IsNullOrEmpty(Path))
            text.Append(Path).Append(':');
        if (text.Length > 0)
            text.Append(' ');
        text.Append(Severity == Severity.Error ? "error" : "warning").Append(" [").Append(Code).Append("] ").Append(Message);
        if (Help is not null)
            text.Append(" (").Append(Help).Append(')');
        if (Excerpt is not null)
            text.Append('\n').Append(Excerpt);
        return text.ToString();
    }

    /// <summary>Creates a diagnostic about a position in a text.</summary>
    public static Diagnostic At(SourceText source, SourceSpan span, string code, string message, string? help = null)
    {
        var (line, column) = source.Locate(span.Start);
        return new Diagnostic
        {
            Code = code, Message = message, Help = help, File = source.File, Line = line, Column = column, Excerpt = source.Excerpt(span),
        };
    }
}
