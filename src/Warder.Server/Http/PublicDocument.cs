using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Warder.Server.Http;

/// <summary>
/// A JSON document that anybody may read, with its entity tag. It is composed before it is asked for: a stranger's request costs no I/O and
/// no composing.
/// </summary>
internal sealed class PublicDocument
{
    // An entity tag need not be longer: it tells versions of one document apart.
    private const int TagBytes = 16;

    private readonly byte[] body;
    private readonly string tag;

    public PublicDocument(byte[] body)
    {
        this.body = body;
        tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, TagBytes))}\"";
    }

    /// <summary>The document itself.</summary>
    public ReadOnlyMemory<byte> Body => body;

    /// <summary>Whether it was composed of this array.</summary>
    public bool Holds(byte[] json) => ReferenceEquals(body, json);

    /// <summary>Answers with the document; or with 304, where the client has it already.</summary>
    public Task Respond(HttpContext http)
    {
        http.Response.Headers.ETag = tag;
        if (!http.Request.Headers.IfNoneMatch.Contains(tag, StringComparer.Ordinal))
            return Refusals.Respond(http, 200, body);
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }
}
