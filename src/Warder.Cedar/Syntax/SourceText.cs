namespace Warder.Cedar.Syntax;

/// <summary>A stretch of a source text, in UTF-16 units.</summary>
/// <param name="Start">Where it begins; 0 is the first unit.</param>
/// <param name="Length">How long it is.</param>
public readonly record struct SourceSpan(int Start, int Length)
{
    /// <summary>The first unit behind it.</summary>
    public int End => Start + Length;

    /// <summary>The shortest span that has both in it.</summary>
    public static SourceSpan Between(SourceSpan first, SourceSpan last) => new(first.Start, last.End - first.Start);
}

/// <summary>The text that something was read from, and what it is called in messages.</summary>
/// <param name="text">All of it.</param>
/// <param name="file">Its file's name, for people; null when it has none.</param>
public sealed class SourceText(string text, string? file = null)
{
    private const int ExcerptCharacters = 160;

    /// <summary>All of it.</summary>
    public string Text { get; } = text;

    /// <summary>Its file's name; null when it has none.</summary>
    public string? File { get; } = file;

    /// <summary>The line and the column of a place, each from 1. Columns count characters, a pair of surrogates as one.</summary>
    public (int Line, int Column) Locate(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        var before = Text.AsSpan(0, offset);
        var line = before.Count('\n') + 1;
        return (line, CharactersIn(before[(before.LastIndexOf('\n') + 1)..]) + 1);
    }

    /// <summary>The line that a span begins in, and below it carets under the part of the span that is in that line.</summary>
    public string Excerpt(SourceSpan span)
    {
        var start = Math.Clamp(span.Start, 0, Text.Length);
        var lineStart = Text.AsSpan(0, start).LastIndexOf('\n') + 1;
        var rest = Text.AsSpan(start).IndexOfAny('\r', '\n');
        var lineEnd = rest < 0 ? Text.Length : start + rest;

        // Of a very long line, what is around the place.
        if (lineEnd - lineStart > ExcerptCharacters)
        {
            lineStart = Math.Max(lineStart, start - (ExcerptCharacters / 2));
            lineEnd = Math.Min(lineEnd, lineStart + ExcerptCharacters);
        }

        var marked = Text.AsSpan(start, Math.Clamp(span.End, start, lineEnd) - start);
        var indent = new string(' ', CharactersIn(Text.AsSpan(lineStart, start - lineStart)));
        var line = Text[lineStart..lineEnd].Replace('\t', ' ');
        return $"{line}\n{indent}{new string('^', Math.Max(1, CharactersIn(marked)))}";
    }

    private static int CharactersIn(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var unit in text)
        {
            if (!char.IsLowSurrogate(unit))
                count++;
        }

        return count;
    }
}
