using System.Globalization;
using System.Text;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Parsing;

/// <summary>
/// Reads and writes string literals of policies and schemas. The escapes are those of Rust: <c>\n \r \t \\ \0 \' \"</c>, <c>\x41</c> up to
/// 7F, and <c>\u{1F600}</c> with one to six digits and underscores between them. Patterns also have <c>\*</c>. A carriage return must be
/// escaped.
/// </summary>
internal static class StringLiteral
{
    private const int MostUnicodeDigits = 6;

    /// <summary>Reads the content of a string token. Returns null when an error was reported.</summary>
    public static string? Read(string source, Token token, DiagnosticBag diagnostics)
    {
        var body = BodyOf(source, token);
        if (IsPlain(body))
            return body.ToString();
        var text = new StringBuilder(body.Length);
        return Unescape(source, token, diagnostics, text, null) ? text.ToString() : null;
    }

    /// <summary>
    /// Reads a string token as a pattern. Each <c>*</c> is a wildcard, also when another escape denotes it; <c>\*</c> is a literal star.
    /// Returns null when an error was reported.
    /// </summary>
    public static Pattern? ReadPattern(string source, Token token, DiagnosticBag diagnostics)
    {
        var pattern = new Pattern.Builder();
        return Unescape(source, token, diagnostics, new StringBuilder(), pattern) ? pattern.Build() : null;
    }

    /// <summary>Formats a string literal with its quotation marks.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        AppendEscaped(quoted, text);
        return quoted.Append('"').ToString();
    }

    /// <summary>Appends the content of a string literal, escaped.</summary>
    public static void AppendEscaped(StringBuilder to, string text)
    {
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => to.Append("\\\""),
                '\\' => to.Append("\\\\"),
                '\n' => to.Append("\\n"),
                '\r' => to.Append("\\r"),
                '\t' => to.Append("\\t"),
                '\0' => to.Append("\\0"),
                _ when char.IsControl(character)
                    || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                        => to.Append("\\u{").Append(((int)character).ToString("x", CultureInfo.InvariantCulture)).Append('}'),
                _ => to.Append(character),
            };
        }
    }

    /// <summary>Returns the text between the quotation marks.</summary>
    public static ReadOnlySpan<char> BodyOf(string source, Token token) => source.AsSpan(token.Start + 1, token.Length - 2);

    /// <summary>
    /// Whether the content needs no processing. Surrogates are rare, so content with surrogates takes the slow path, which checks their
    /// pairing.
    /// </summary>
    public static bool IsPlain(ReadOnlySpan<char> body) => body.IndexOfAny('\\', '\r') < 0 && !body.ContainsAnyInRange('\ud800', '\udfff');

    private static bool Unescape(string source, Token token, DiagnosticBag diagnostics, StringBuilder text, Pattern.Builder? pattern)
    {
        var end = token.End - 1;
        for (var i = token.Start + 1; i < end;)
        {
            var start = i;
            var (read, isEscape) = ReadOne(source.AsSpan(0, end), ref i);
            var isStar = read is null && pattern is not null && source.AsSpan(start, 2) is "\\*";
            if (isStar)
            {
                pattern!.Literal(new Rune('*'));
            }
            else if (read is not { } rune)
            {
                var span = new SourceSpan(start, i - start);
                diagnostics.Error(
                    span, SyntaxCodes.InvalidEscape, Problem(source[start], isEscape), HelpWith(source.AsSpan(start, span.Length)));
                return false;
            }
            else if (pattern is null)
            {
                text.Append(rune.ToString());
            }
            else if (rune.Value == '*')
            {
                pattern.Wildcard();
            }
            else
            {
                pattern.Literal(rune);
            }
        }

        return true;
    }

    private static string Problem(char first, bool isEscape)
        => isEscape
            ? "Cedar has no such escape"
            : first == '\r' ? "a carriage return must be written as `\\r`"
            : "the surrogate is unpaired";

    private static string? HelpWith(ReadOnlySpan<char> escape) => escape switch
    {
        "\\*" => "`\\*` is valid only in a pattern, after `like`",
        _ when escape.StartsWith("\\u") => "write `\\u{…}` with one to six hexadecimal digits of a Unicode character",
        _ when escape.StartsWith("\\x") => "write `\\x` with two hexadecimal digits up to 7F",
        _ when escape.StartsWith("\\") => "a backslash is written `\\\\`",
        _ => null,
    };

    // Reads one character or escape. `i` moves past it, or past the invalid text.
    private static (Rune? Read, bool IsEscape) ReadOne(ReadOnlySpan<char> text, ref int i)
    {
        if (text[i] != '\\')
        {
            var isRead = Rune.DecodeFromUtf16(text[i..], out var rune, out var consumed) == System.Buffers.OperationStatus.Done
                && rune.Value != '\r';
            i += consumed;
            return (isRead ? rune : null, false);
        }

        i += 2;
        return (text[i - 1] switch
        {
            'n' => new Rune('\n'),
            'r' => new Rune('\r'),
            't' => new Rune('\t'),
            '0' => new Rune('\0'),
            '\\' or '\'' or '"' => new Rune(text[i - 1]),
            'x' => Hexadecimal(text, ref i),
            'u' => Unicode(text, ref i),
            _ => null,
        }, true);
    }

    private static Rune? Hexadecimal(ReadOnlySpan<char> text, ref int i)
    {
        var value = 0;
        for (var end = i + 2; i < end; i++)
        {
            if (i >= text.Length || !char.IsAsciiHexDigit(text[i]))
                return null;
            value = (value * 16) + Convert.ToInt32(text[i].ToString(), 16);
        }

        return value <= 0x7f ? new Rune(value) : null;
    }

    private static Rune? Unicode(ReadOnlySpan<char> text, ref int i)
    {
        if (i >= text.Length || text[i] != '{')
            return null;
        var (value, digits) = (0, 0);
        for (i++; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '}')
            {
                i++;
                return digits is > 0 and <= MostUnicodeDigits && Rune.IsValid(value) ? new Rune(value) : null;
            }

            if (character == '_' && digits > 0)
                continue;
            if (!char.IsAsciiHexDigit(character) || ++digits > MostUnicodeDigits)
                return null;
            value = (value * 16) + Convert.ToInt32(character.ToString(), 16);
        }

        return null;
    }
}
