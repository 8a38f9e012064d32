using System.Text;
using Microsoft.AspNetCore.Http;

namespace Warder.Server.Http;

/// <summary>
/// Refuses requests whose length two servers could read differently: behind a proxy that reads it otherwise, one request could hide
/// another. Kestrel refuses most of them; these are the rest that its headers still show.
/// </summary>
internal static class RequestFraming
{
    /// <summary>Where Kestrel puts a <c>Content-Length</c> that came beside <c>Transfer-Encoding</c>.</summary>
    private const string SetAside = "X-Content-Length";

    /// <summary>The problem with a request's framing; null when there is none.</summary>
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
    /// Whether what a read of the body has thrown is about the body: it breaks off, or its chunks or trailers cannot be read. Kestrel
    /// throws an
    /// <see cref="InvalidOperationException"/> for a trailer that is no text.
    /// </summary>
    public static bool IsUnreadable(Exception thrown) => thrown is (IOException and not BadHttpRequestException) or InvalidOperationException;

    /// <summary>What the dispatcher answers then: it is the client's fault.</summary>
    public static BadHttpRequestException Unreadable(Exception cause) => new("The body cannot be read.", StatusCodes.Status400BadRequest, cause);

    /// <summary>
    /// How Kestrel decodes a header before it reads it: <c>Content-Length</c> as digits and nothing else, which its own way of reading is
    /// not strict about (it takes a plus sign); all others in its own way.
    /// </summary>
    public static Encoding? EncodingOf(string header)
        => string.Equals(header, "Content-Length", StringComparison.OrdinalIgnoreCase) ? DigitsOnly.Instance : null;

    /// <summary>ASCII digits. Anything else becomes more characters than a length may have, which Kestrel refuses.</summary>
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
