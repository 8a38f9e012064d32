using System.Globalization;
using System.Text;

namespace Warder.Cedar.Fuzz;

/// <summary>Writes text in quotation marks, with escapes where they are necessary and, at random, elsewhere.</summary>
internal static class Quoted
{
    /// <summary>Writes it as Cedar does.</summary>
    public static string Cedar(Chance chance, string text)
    {
        var written = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
            written.Append(CedarRune(chance, rune));
        return written.Append('"').ToString();
    }

    /// <summary>Writes it as JSON does.</summary>
    public static string Json(Chance chance, string text)
    {
        var written = new StringBuilder("\"");
        foreach (var unit in text)
        {
            written.Append(unit switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' when chance.Of(0.5) => "\\n",
                '/' when chance.Of(0.1) => "\\/",
                < ' ' => Escape(unit),
                _ when chance.Of(0.02) => Escape(unit),
                _ => unit.ToString(),
            });
        }

        return written.Append('"').ToString();

        // A surrogate is escaped only together with its other half: here both may be, or one, which JSON also allows, but no UTF-8 text
        // does.
        static string Escape(char unit)
            => char.IsSurrogate(unit) ? unit.ToString() : $"\\u{((int)unit).ToString("x4", CultureInfo.InvariantCulture)}";
    }

    /// <summary>Writes one character of a Cedar text.</summary>
    public static string CedarRune(Chance chance, Rune rune) => rune.Value switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' when chance.Of(0.7) => "\\n",
        '\r' => "\\r",
        '\t' when chance.Of(0.7) => "\\t",
        0 => chance.Pick("\\0", "\\x00", "\\u{0}"),
        '\'' when chance.Of(0.3) => "\\'",
        < 128 when chance.Of(0.02) => chance.Note("escape:x", $"\\x{rune.Value:x2}"),
        _ when chance.Of(0.04) => chance.Note("escape:u", $"\\u{{{rune.Value:X}}}"),
        _ => rune.ToString(),
    };
}
