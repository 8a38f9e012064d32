using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Warder.Server.Http;

/// <summary>
/// A public JSON document with its entity tag. It is composed before any request, so that a request of a stranger costs no I/O and no
/// composing.
/// </summary>
internal sealed class PublicDocument
{
    // An entity tag distinguishes versions of one document, and needs no more bytes.
    private const int TagBytes = 16;

    private readonly byte[] body;
    private readonly string tag;

    public PublicDocument(byte[] body)
    {
        this.body = body;
        tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, TagBytes))}\"";
    }

    /// <summary>The document.</summary>
    public ReadOnlyMemory<byte> Body => body;

    /// <summary>Determines whether the document was composed of this array.</summary>
    public bool Holds(byte[] json) => ReferenceEquals(body, json);

    /// <summary>Answers with the document, or with 304 if the client has this version.</summary>
    public Task Respond(HttpContext http)
    {
        http.Response.Headers.ETag = tag;
        if (!http.Request.Headers.IfNoneMatch.Contains(tag, StringComparer.Ordinal))
            return Refusals.Respond(http, 200, body);
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }
}
