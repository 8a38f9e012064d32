using System.Buffers;
using System.Text.Encodings.Web;

namespace Warder.Contracts.Json;

/// <summary>
/// Escapes exactly the characters that <c>JSON.stringify</c> escapes: the quote, the backslash and U+0000–U+001F. A body that an
/// application parses and prints again then equals the signed bytes. The framework's relaxed encoder is not enough: it escapes emoji,
/// no-break spaces and U+2028. Unsuitable for JSON inside HTML.
/// </summary>
public sealed class StringifyEncoder : JavaScriptEncoder
{
    // Invalid UTF-16 counts as something to encode; the base class turns it into U+FFFD.
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\',
            .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    private StringifyEncoder()
    {
    }

    /// <summary>The one instance; it has no state.</summary>
    public static StringifyEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => 6;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\';

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        for (var i = 0; i < span.Length;)
        {
            var next = span[i..].IndexOfAny(Escaped);
            if (next < 0)
                return -1;
            i += next;
            if (!char.IsHighSurrogate(span[i]) || i + 1 == span.Length || !char.IsLowSurrogate(span[i + 1]))
                return i;
            i += 2;
        }

        return -1;
    }

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        Span<char> long6 = stackalloc char[6];
        ReadOnlySpan<char> escaped = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\b' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\f' => "\\f",
            '\r' => "\\r",
            < 0x20 => Hex(unicodeScalar, long6),
            _ => long6[..new System.Text.Rune(unicodeScalar).EncodeToUtf16(long6)],
        };
        numberOfCharactersWritten = 0;
        if (!escaped.TryCopyTo(new Span<char>(buffer, bufferLength)))
            return false;
        numberOfCharactersWritten = escaped.Length;
        return true;
    }

    private static Span<char> Hex(int code, Span<char> destination)
    {
        "\\u00".CopyTo(destination);
        destination[4] = (char)('0' + (code >> 4));
        destination[5] = "0123456789abcdef"[code & 15];
        return destination;
    }
}
