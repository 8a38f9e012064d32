using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Warder.Core.Secrets;

namespace Warder.AspNetCore;

/// <summary>The credentials that a request presents: none, malformed ones, or a value to validate.</summary>
internal readonly record struct PresentedCredentials(bool IsPresent, SecretString? Value)
{
    private const string BearerPrefix = "Bearer ";

    /// <summary>The maximum length of a key. Warder treats longer values as malformed too.</summary>
    private const int MaxLength = 512;

    public static PresentedCredentials Read(HttpRequest request, string headerName)
    {
        var header = request.Headers[headerName];
        if (StringValues.IsNullOrEmpty(header))
            return new(IsPresent: false, null);
        var text = header.ToString();
        if (string.Equals(headerName, HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase))
        {
            // The credentials belong to another scheme, which decides about them.
            if (!text.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
                return new(IsPresent: false, null);
            text = text[BearerPrefix.Length..];
        }

        text = text.Trim();
        var isPossible = header.Count == 1 && text.Length is > 0 and <= MaxLength && text.All(c => c is > ' ' and < '\x7f');
        return new(IsPresent: true, isPossible ? new SecretString(text) : null);
    }
}
