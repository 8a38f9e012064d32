using System.Globalization;
using System.Text;

namespace Warder.Cli.Output;

/// <summary>
/// Makes untrusted text safe to print. Customers choose names: a name with an escape sequence, a direction override or an invisible
/// character must not control a terminal, or deceive its user.
/// </summary>
internal static class Printable
{
    /// <summary>
    /// Replaces each character that controls a terminal or is invisible by a visible escape: <c>\u202E</c>.
    /// </summary>
    public static string From(string? text) => text is null ? "" : Escape(text, keepsLines: false);

    /// <summary>Escapes each such character in JSON, which keeps its meaning, its lines and its indentation.</summary>
    public static string Json(string json) => Escape(json, keepsLines: true);

    private static string Escape(string text, bool keepsLines)
    {
        StringBuilder? escaped = null;
        for (var i = 0; i < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, i, out var rune);
            var length = isWhole ? rune.Utf16SequenceLength : 1;
            if (isWhole && !IsUnsafe(rune, keepsLines))
            {
                escaped?.Append(text, i, length);
            }
            else
            {
                escaped ??= new StringBuilder(text, 0, i, text.Length + 16);
                for (var j = i; j < i + length; j++)
                    escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[j]:X4}");
            }

            i += length;
        }

        return escaped?.ToString() ?? text;
    }

    private static bool IsUnsafe(Rune rune, bool keepsLines) => rune.Value switch
    {
        '\n' or '\t' => !keepsLines,
        // Blank characters and combining characters that are not in the category of format characters.
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 => true,
        (>= 0x180B and <= 0x180F) or (>= 0xE0000 and <= 0xE0FFF) => true,
        _ => Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };
}
