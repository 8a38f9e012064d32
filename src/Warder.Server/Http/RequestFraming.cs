using System.Text;
using Microsoft.AspNetCore.Http;

namespace Warder.Server.Http;

/// <summary>
/// Refuses requests with a length that two servers could read differently: behind a proxy that reads it differently, one request could hide
/// another. Kestrel refuses most of them; this class refuses the rest, as far as their headers still show it.
/// </summary>
internal static class RequestFraming
{
    /// <summary>The header to which Kestrel moves a <c>Content-Length</c> that arrives with a <c>Transfer-Encoding</c>.</summary>
    private const string SetAside = "X-Content-Length";

    /// <summary>Finds the problem with a request's framing.</summary>
    /// <returns>Null: there is none.</returns>
    public static string? Problem(HttpRequest request)
    {
        var codings = request.Headers.TransferEncoding;
        if (codings.Count == 0)
            return null;
        if (codings.Count > 1 || !string.Equals(codings[0], "chunked", StringComparison.OrdinalIgnoreCase))
            return "Transfer-Encoding must be chunked, alone and once.";
        if (request.Headers.ContentLength is not null || request.Headers.ContainsKey(SetAside))
            return "Content-Length and Transfer-Encoding exclude each other.";
        return HttpProtocol.IsHttp10(request.Protocol) ? "HTTP/1.0 has no Transfer-Encoding." : null;
    }

    /// <summary>
    /// Determines whether an exception of a body read is the client's fault: the body breaks off, or its chunks or trailers are malformed.
    /// Kestrel throws an <see cref="InvalidOperationException"/> for a trailer that is no text.
    /// </summary>
    public static bool IsUnreadable(Exception thrown)
        => thrown is (IOException and not BadHttpRequestException) or InvalidOperationException;

    /// <summary>Creates the exception that makes the dispatcher answer 400.</summary>
    public static BadHttpRequestException Unreadable(Exception cause)
        => new("The body cannot be read.", StatusCodes.Status400BadRequest, cause);

    /// <summary>
    /// Returns the encoding by which Kestrel decodes a header. <c>Content-Length</c> is decoded as digits only, because Kestrel's own
    /// parser also accepts a plus sign. All other headers have Kestrel's default.
    /// </summary>
    public static Encoding? EncodingOf(string header)
        => string.Equals(header, "Content-Length", StringComparison.OrdinalIgnoreCase) ? DigitsOnly.Instance : null;

    /// <summary>
    /// Decodes ASCII digits. Any other byte gives more characters than a length may have, and Kestrel refuses the header.
    /// </summary>
    private sealed class DigitsOnly : Encoding
    {
        public static readonly DigitsOnly Instance = new();

        private const int MostDigits = 19;

        public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
        {
            if (bytes.Length is 0 or > MostDigits || bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                chars.Fill('x');
                return chars.Length;
            }

            return ASCII.GetChars(bytes, chars);
        }

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
            => GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

        public override int GetByteCount(char[] chars, int index, int count) => count;

        public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
            => ASCII.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

        public override int GetCharCount(byte[] bytes, int index, int count) => count;

        public override int GetMaxByteCount(int charCount) => charCount;

        public override int GetMaxCharCount(int byteCount) => byteCount;
    }
}
