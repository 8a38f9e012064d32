using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Warder.Server.Http.Paths;

/// <summary>
/// Reads the target of a request as it was sent. Kestrel decodes a path except for <c>%2F</c>, so its path has one text for
/// <c>x%2F1</c> and <c>x%252F1</c>. Values of a path are therefore decoded from the target itself, exactly once.
/// </summary>
internal static class RequestTarget
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Finds the problem with a target: a percent sign that encodes nothing, bytes that are no UTF-8, or a dot segment.</summary>
    /// <returns>Null: there is none.</returns>
    public static string? Problem(HttpRequest request)
    {
        var target = Of(request);
        var isEncoded = target.Contains('%', StringComparison.Ordinal);
        if (!isEncoded && !target.Contains("/.", StringComparison.Ordinal))
            return null;
        if (isEncoded && Decode(target) is null)
            return "The path and the query must be UTF-8, with each percent sign as %25.";
        // Kestrel decodes the slash in this form, so that the segments would not be those of the route.
        if (!target.StartsWith('/') && PathOf(target).Contains("%2F", StringComparison.OrdinalIgnoreCase))
            return "The path of a target with a scheme must have no %2F.";
        // A client library may have meant an id. Kestrel resolves the segment, so that another route would answer.
        return PathOf(target).Split('/').Any(static segment => Decode(segment) is "." or "..")
            ? "The path must not have a segment '.' or '..'."
            : null;
    }

    /// <summary>Returns a parameter of the path. <see cref="Problem"/> has found none.</summary>
    public static string Value(HttpRequest request, string name)
    {
        var pattern = ((RouteEndpoint)request.HttpContext.GetEndpoint()!).RoutePattern.RawText!;
        var place = Array.IndexOf(pattern.Split('/'), "{" + name + "}");
        return Decode(PathOf(Of(request)).Split('/')[place])!;
    }

    private static string Of(HttpRequest request) => request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;

    // A proxy's form has a scheme and an authority before the path.
    private static string PathOf(string target)
    {
        var path = target.Split('?', 2)[0];
        if (path.StartsWith('/'))
            return path;
        var authority = path.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var start = path.IndexOf('/', authority);
        return start < 0 ? "/" : path[start..];
    }

    private static string? Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;
        // In place: what is decoded is shorter than its code.
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var next = bytes[i];
            if (next == '%')
            {
                var code = bytes.AsSpan(i + 1, Math.Min(2, bytes.Length - i - 1));
                if (Convert.FromHexString(code, bytes.AsSpan(length, 1), out _, out var count) != OperationStatus.Done || count != 1)
                    return null;
                (next, i) = (bytes[length], i + 2);
            }

            bytes[length++] = next;
        }

        try
        {
            return Strict.GetString(bytes.AsSpan(0, length));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
