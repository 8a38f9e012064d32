using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Warder.Core.Faults;

namespace Warder.Server.Http.Bodies;

/// <summary>The body of a request, read as a whole and parsed by the route's kind of body.</summary>
internal sealed class RequestBody
{
    private const string JsonType = "application/json";
    private const string FormType = "application/x-www-form-urlencoded";

    private RequestBody(byte[] bytes) => Bytes = bytes;

    /// <summary>The bytes as received; empty when there is no body.</summary>
    public byte[] Bytes { get; }

    /// <summary>The JSON document; null when the body is empty, or of another kind.</summary>
    public JsonDocument? Json { get; private init; }

    /// <summary>The parameters of a form; empty when the body is empty, or of another kind.</summary>
    public IReadOnlyDictionary<string, string> Form { get; private init; } = new Dictionary<string, string>(0, StringComparer.Ordinal);

    /// <summary>Determines whether a request's body is encoded, for example by gzip. No route decodes a body.</summary>
    public static bool IsEncoded(HttpRequest request)
        => request.Headers.ContentEncoding is { Count: > 0 } encodings
            && !encodings.All(static encoding => string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase));

    /// <summary>Determines whether a request's body is JSON in UTF-8.</summary>
    public static bool IsJson(HttpRequest request)
        => string.Equals(request.ContentType, JsonType, StringComparison.Ordinal)
            || (request.HasJsonContentType() && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
                && (type.CharSet is null || string.Equals(type.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Determines whether a kind of body accepts the request's media type. An absent body needs none.</summary>
    public static bool Takes(BodyKind kind, HttpRequest request) => kind switch
    {
        BodyKind.Json => IsJson(request),
        BodyKind.Form => MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && string.Equals(type.MediaType, FormType, StringComparison.OrdinalIgnoreCase),
        _ => true,
    };

    /// <summary>Returns the media type that a kind of body accepts, for an error's text.</summary>
    public static string MediaTypeOf(BodyKind kind) => kind == BodyKind.Form ? FormType : JsonType;

    /// <summary>Reads the body to its end.</summary>
    /// <exception cref="BadHttpRequestException">The body breaks off, is too large, or arrives too slowly.</exception>
    public static async Task<byte[]> ReadBytes(HttpContext http)
    {
        using var buffer = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        }
        catch (Exception e) when (RequestFraming.IsUnreadable(e))
        {
            throw RequestFraming.Unreadable(e);
        }

        return buffer.ToArray();
    }

    /// <summary>Parses a body by its kind. The JSON document lives as long as the response.</summary>
    public static Result<RequestBody> Parse(BodyKind kind, byte[] bytes, HttpContext http)
    {
        switch (kind)
        {
            case BodyKind.Json when bytes.Length > 0:
                var json = JsonText.Parse(bytes);
                if (json.Fault is { } unparsable)
                    return unparsable;
                http.Response.RegisterForDispose(json.Value);
                return new RequestBody(bytes) { Json = json.Value };
            case BodyKind.Form:
                var form = FormText.Parse(bytes);
                return form.Fault is { } malformed ? malformed : new RequestBody(bytes) { Form = form.Value };
            default:
                return new RequestBody(bytes);
        }
    }
}
