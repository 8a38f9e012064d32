using System.Text;

namespace Warder.Faults.Load;

/// <summary>Encodes requests as bytes, and reads the answers of validations.</summary>
internal sealed class Requests(string managementKey)
{
    private readonly byte[] batchHead = Encoding.ASCII.GetBytes(
        Head("POST", "/api_keys/validations/batch", managementKey) + "Content-Length: ");

    /// <summary>The most validations in one request.</summary>
    public const int MaxBatch = 100;

    private static ReadOnlySpan<byte> DecisionBegins => "\"decision\":{\"allow\":"u8;

    /// <summary>Encodes a request, with or without a body.</summary>
    public byte[] Of(string method, string path, string? body)
        => Encoding.UTF8.GetBytes(
            Head(method, path, managementKey)
                + (body is null ? "\r\n" : $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));

    /// <summary>Encodes one validation of a batch.</summary>
    public static byte[] Piece(string value, string? permission)
        => Encoding.ASCII.GetBytes(
            permission is null ? $$"""{"value":"{{value}}"}""" : $$"""{"value":"{{value}}","permissions":["{{permission}}"]}""");

    /// <summary>Writes a batch of encoded validations into a buffer; returns its length.</summary>
    public int Batch(ReadOnlySpan<Target> targets, byte[] buffer)
    {
        var length = "{\"validations\":[]}".Length + targets.Length - 1;
        foreach (var target in targets)
            length += target.Piece.Length;
        var at = 0;
        void Put(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(buffer.AsSpan(at));
            at += bytes.Length;
        }

        Put(batchHead);
        length.TryFormat(buffer.AsSpan(at), out var digits);
        at += digits;
        Put("\r\n\r\n{\"validations\":["u8);
        for (var i = 0; i < targets.Length; i++)
        {
            if (i > 0)
                buffer[at++] = (byte)',';
            Put(targets[i].Piece);
        }

        Put("]}"u8);
        return at;
    }

    /// <summary>
    /// Reads the codes of a batch's answer, in order; returns their number. It scans for the decisions only, each of which has its
    /// documented form: a JSON parser would cost more than the servers do.
    /// </summary>
    public static int Codes(ReadOnlySpan<byte> body, Span<Code> codes)
    {
        var count = 0;
        for (int at; (at = body.IndexOf(DecisionBegins)) >= 0; count++)
        {
            body = body[(at + DecisionBegins.Length)..];
            if (count < codes.Length)
                codes[count] = CodeAt(body);
        }

        return count;
    }

    private static Code CodeAt(ReadOnlySpan<byte> decision)
    {
        if (decision.StartsWith("true,\"code\":\"allowed\"}"u8))
            return Code.Allowed;
        const string BeforeCode = "false,\"code\":\"";
        if (!decision.StartsWith("false,\"code\":\""u8))
            return Code.Unknown;
        var name = decision[BeforeCode.Length..];
        return name[..name.IndexOf((byte)'"')] switch
        {
            var it when it.SequenceEqual("revoked"u8) => Code.Revoked,
            var it when it.SequenceEqual("expired"u8) => Code.Expired,
            var it when it.SequenceEqual("suspended"u8) => Code.Suspended,
            var it when it.SequenceEqual("owner_inactive"u8) => Code.OwnerInactive,
            var it when it.SequenceEqual("insufficient_permissions"u8) => Code.InsufficientPermissions,
            var it when it.SequenceEqual("not_found"u8) => Code.NotFound,
            var it when it.SequenceEqual("unavailable"u8) => Code.Unavailable,
            var it when it.SequenceEqual("malformed"u8) => Code.Malformed,
            var it when it.SequenceEqual("wrong_environment"u8) => Code.WrongEnvironment,
            _ => Code.Unknown,
        };
    }

    private static string Head(string method, string path, string managementKey)
        => $"{method} {path} HTTP/1.1\r\nHost: warder\r\nAuthorization: Bearer {managementKey}\r\nContent-Type: application/json\r\n";
}
