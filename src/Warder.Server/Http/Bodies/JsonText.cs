using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Warder.Core.Faults;

namespace Warder.Server.Http.Bodies;

/// <summary>Parses a JSON body, and refuses the constructs that JSON parsers read differently.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Limits.JsonDepth, AllowDuplicateProperties = false };

    /// <summary>
    /// Parses a document. A body that is no JSON, or contains a duplicate member, a NUL or half a surrogate pair, is unparsable: 400.
    /// </summary>
    /// <param name="body">The body.</param>
    /// <param name="holdsAnyText">Whether NULs and half pairs in strings are accepted: the caller judges each string itself.</param>
    public static Result<JsonDocument> Parse(ReadOnlyMemory<byte> body, bool holdsAnyText = false)
    {
        if (!Utf8.IsValid(body.Span))
            return Unparsable("The body is not UTF-8.");
        if (!holdsAnyText && EscapeProblem(body.Span) is { } problem)
            return Unparsable(problem);
        try
        {
            return JsonDocument.Parse(body, Options);
        }
        catch (InvalidOperationException)
        {
            // The name of a member, which the parser compares with its siblings.
            return Unparsable("The body holds half of a surrogate pair.");
        }
        catch (JsonException e)
        {
            var where = string.Create(CultureInfo.InvariantCulture, $" (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})");
            return Unparsable(
                "The body is not JSON that can be read: it ends early, is malformed, nests deeper than "
                + $"{Limits.JsonDepth.ToString(CultureInfo.InvariantCulture)} levels, or has a duplicate member"
                + (e.LineNumber is null ? "." : where + "."));
        }
    }

    /// <summary>Creates the fault for an unparsable body.</summary>
    public static Fault Unparsable(string message) => new(FaultKind.Unparsable, "invalid_json", message);

    // In JSON, backslashes occur only inside strings. The parser finds text that is no JSON afterwards.
    private static string? EscapeProblem(ReadOnlySpan<byte> text)
    {
        if (text.Contains((byte)0))
            return "The body holds a NUL.";
        for (var i = text.IndexOf((byte)'\\'); i >= 0 && i + 1 < text.Length; i += 2)
        {
            if (text[i + 1] == 'u' && Escaped(text[i..]) is { } unit)
            {
                if (unit == 0)
                    return "The body holds a NUL (\\u0000).";
                if (char.IsLowSurrogate((char)unit)
                    || (char.IsHighSurrogate((char)unit) && Escaped(text[(i + 6)..]) is not (>= 0xDC00 and <= 0xDFFF)))
                    return "The body holds half of a surrogate pair.";
                i += char.IsHighSurrogate((char)unit) ? 10 : 4;
            }

            var next = text[(i + 2)..].IndexOf((byte)'\\');
            if (next < 0)
                return null;
            i += next;
        }

        return null;
    }

    private static int? Escaped(ReadOnlySpan<byte> text)
        => text.Length >= 6 && text[0] == '\\' && text[1] == 'u'
            && int.TryParse(text[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? unit : null;
}
