using System.Text;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Diagnostics;

/// <summary>How much a diagnostic weighs.</summary>
public enum Severity
{
    /// <summary>What was read cannot be used.</summary>
    Error,

    /// <summary>What was read can be used, and may not mean what its author meant.</summary>
    Warning,
}

/// <summary>
/// What is wrong with a policy, a schema, entities or a request, and where: a value, never an exception. Two are equal when all they say
/// is.
/// </summary>
public sealed record Diagnostic
{
    /// <summary>Whether it stands in the way.</summary>
    public Severity Severity { get; init; }

    /// <summary>What went wrong, for programs: one of the constants of the <c>…Codes</c> classes.</summary>
    public required string Code { get; init; }

    /// <summary>What went wrong, for people: one sentence without the place, of at most 4,000 characters.</summary>
    public required string Message { get; init => field = Shortened.Text(value); }

    /// <summary>What would be right (<c>did you mean `principal`?</c>); null when that cannot be told.</summary>
    public string? Help { get; init => field = value is null ? null : Shortened.Text(value); }

    /// <summary>The file that was read; null when it has no name.</summary>
    public string? File { get; init; }

    /// <summary>The line in it, from 1; 0 when what is wrong was not read from text.</summary>
    public int Line { get; init; }

    /// <summary>The column in its line, from 1, counted in characters; 0 when what is wrong was not read from text.</summary>
    public int Column { get; init; }

    /// <summary>The line, and below it carets under the place; null when what is wrong was not read from text.</summary>
    public string? Excerpt { get; init; }

    /// <summary>The place inside a JSON document (<c>[0].attrs.owner</c>); null when what was read is no JSON.</summary>
    public string? Path { get; init => field = value is null ? null : Shortened.Text(value); }

    /// <summary>The policy in which it was found, where that is known.</summary>
    public string? PolicyId { get; init; }

    /// <summary>All of it, as a compiler would print it.</summary>
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

    /// <summary>One about a place in a text.</summary>
    public static Diagnostic At(SourceText source, SourceSpan span, string code, string message, string? help = null)
    {
        var (line, column) = source.Locate(span.Start);
        return new Diagnostic
        {
            Code = code, Message = message, Help = help, File = source.File, Line = line, Column = column, Excerpt = source.Excerpt(span),
        };
    }
}
