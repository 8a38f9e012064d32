using System.Globalization;

namespace Warder.Cli.Output;

/// <summary>
/// Makes text from elsewhere safe to show. Names are chosen by customers: one that holds an escape sequence or a direction override must not
/// drive, or deceive, the terminal of whoever lists it.
/// </summary>
internal static class Printable
{
    /// <summary>The text with U+FFFD in place of each character that a terminal would act upon.</summary>
    public static string From(string? text)
    {
        if (text is null)
            return "";
        return text.Any(IsUnsafe) ? string.Concat(text.Select(c => IsUnsafe(c) ? '\uFFFD' : c)) : text;
    }

    private static bool IsUnsafe(char c)
        => char.IsControl(c) || c is '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
            || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
