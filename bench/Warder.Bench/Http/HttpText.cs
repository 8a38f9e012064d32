using System.Buffers.Text;
using System.Text;

namespace Warder.Bench.Http;

/// <summary>Implements the part of HTTP/1.1 that these clients need.</summary>
internal static class HttpText
{
    private static readonly byte[] HeadersEnd = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] LengthHeader = "Content-Length: "u8.ToArray();
    private static readonly byte[] ChunkedHeader = "Transfer-Encoding: chunked"u8.ToArray();
    private static readonly byte[] LastChunk = "\r\n0\r\n\r\n"u8.ToArray();

    public static byte[] Request(string method, string path, string authorization, string body)
        => Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {authorization}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>Builds the request that validates a key.</summary>
    public static byte[] Validation(string authorization, string token)
        => Request("POST", Servers.Path, authorization, $$"""{"value":"{{token}}"}""");

    /// <summary>Whether a buffer holds a whole answer.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var headers = answer.IndexOf(HeadersEnd);
        if (headers < 0)
            return false;
        if (answer.StartsWith("HTTP/1.1 204"u8))
            return true;
        if (answer[..headers].IndexOf(ChunkedHeader) >= 0)
            return answer.EndsWith(LastChunk);
        var length = answer[..headers].IndexOf(LengthHeader);
        if (length < 0)
            throw new IOException("The answer has no length.");
        return Utf8Parser.TryParse(answer[(length + LengthHeader.Length)..], out int bytes, out _)
            && answer.Length >= headers + HeadersEnd.Length + bytes;
    }

    /// <summary>Whether an answer reports that the server is unavailable.</summary>
    public static bool IsUnavailable(ReadOnlySpan<byte> answer) => answer.StartsWith("HTTP/1.1 503"u8);

    /// <summary>Returns the body of an answer that allows; any other answer is an error.</summary>
    public static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> answer)
        => answer.StartsWith("HTTP/1.1 2"u8)
            ? answer[(answer.IndexOf(HeadersEnd) + HeadersEnd.Length)..]
            : throw new IOException(Encoding.UTF8.GetString(answer));
}
