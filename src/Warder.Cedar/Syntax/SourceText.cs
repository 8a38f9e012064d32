namespace Warder.Cedar.Syntax;

/// <summary>A span of a source text, in UTF-16 units.</summary>
/// <param name="Start">The zero-based index of the first unit.</param>
/// <param name="Length">The number of units.</param>
public readonly record struct SourceSpan(int Start, int Length)
{
    /// <summary>The index after the last unit.</summary>
    public int End => Start + Length;

    /// <summary>Creates the shortest span that contains two spans. The first span must not start after the last one.</summary>
    public static SourceSpan Between(SourceSpan first, SourceSpan last) => new(first.Start, last.End - first.Start);
}

/// <summary>A parsed text, and its name in messages.</summary>
/// <param name="text">The text.</param>
/// <param name="file">The file name for messages; null when the text has none.</param>
public sealed class SourceText(string text, string? file = null)
{
    private const int ExcerptCharacters = 160;
    private const int Stretch = 4096;

    private (int Line, int Column)[]? _stretches;

    /// <summary>The text.</summary>
    public string Text { get; } = text;

    /// <summary>The file name; null when the text has none.</summary>
    public string? File { get; } = file;

    /// <summary>
    /// Computes the one-based line and column of an offset. A column is one character; a surrogate pair is one character.
    /// </summary>
    public (int Line, int Column) Locate(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        var (line, column) = offset < Stretch ? (1, 1) : (_stretches ??= Stretches())[offset / Stretch];
        return Advance(Text.AsSpan(offset / Stretch * Stretch, offset % Stretch), line, column);
    }

    /// <summary>Formats the line in which a span starts, and below it carets under the part of the span in that line.</summary>
    public string Excerpt(SourceSpan span)
    {
        // Only a bounded window around the position is read, so that a very long line costs no more.
        var start = Math.Clamp(span.Start, 0, Text.Length);
        var earliest = Math.Max(0, start - ExcerptCharacters - 1);
        var latest = Math.Min(Text.Length, start + ExcerptCharacters + 1);
        var lineStart = earliest + Text.AsSpan(earliest, start - earliest).LastIndexOf('\n') + 1;
        var rest = Text.AsSpan(start, latest - start).IndexOfAny('\r', '\n');
        var lineEnd = rest < 0 ? latest : start + rest;
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

    // The line and column at the start of each stretch, so that a lookup reads one stretch and not the text from its start.
    private (int Line, int Column)[] Stretches()
    {
        var stretches = new (int Line, int Column)[(Text.Length / Stretch) + 1];
        stretches[0] = (1, 1);
        for (var i = 1; i < stretches.Length; i++)
            stretches[i] = Advance(Text.AsSpan((i - 1) * Stretch, Stretch), stretches[i - 1].Line, stretches[i - 1].Column);
        return stretches;
    }

    private static (int Line, int Column) Advance(ReadOnlySpan<char> text, int line, int column)
    {
        var last = text.LastIndexOf('\n');
        return last < 0 ? (line, column + CharactersIn(text)) : (line + text.Count('\n'), 1 + CharactersIn(text[(last + 1)..]));
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
