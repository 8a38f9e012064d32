using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Warder.AspNetCore;

/// <summary>Writes refusals by RFC 6750, section 3, with a body for people. No refusal shows why a key is not valid.</summary>
internal static class Refusals
{
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Writes 401 without an error code, as the RFC requires for a request without credentials.</summary>
    public static Task NoCredentialsAsync(HttpResponse response) => WriteAsync(
        response, StatusCodes.Status401Unauthorized, "Bearer", """{"message":"An API key is required.","code":"unauthorized"}""");

    /// <summary>Writes 401 for unknown, revoked, expired and malformed keys alike.</summary>
    public static Task InvalidTokenAsync(HttpResponse response) => WriteAsync(
        response,
        StatusCodes.Status401Unauthorized,
        "Bearer error=\"invalid_token\", error_description=\"The API key is not valid.\"",
        """{"message":"The API key is not valid.","code":"invalid_token"}""");

    /// <summary>Writes 403: the key is valid and lacks permissions.</summary>
    public static Task InsufficientScopeAsync(HttpResponse response, IReadOnlyList<string> missing)
    {
        var scope = missing.Count > 0 ? $", scope=\"{string.Join(' ', missing)}\"" : "";
        return WriteAsync(
            response,
            StatusCodes.Status403Forbidden,
            "Bearer error=\"insufficient_scope\"" + scope,
            """{"message":"The API key lacks a permission.","code":"insufficient_scope"}""");
    }

    /// <summary>Writes 503: the key's validity could not be determined.</summary>
    public static Task UnavailableAsync(HttpResponse response, TimeSpan? retryAfter)
    {
        var seconds = Math.Ceiling((retryAfter ?? DefaultRetryAfter).TotalSeconds);
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(
            response,
            StatusCodes.Status503ServiceUnavailable,
            challenge: null,
            """{"message":"API keys cannot be checked at present.","code":"unavailable"}""");
    }

    private static Task WriteAsync(HttpResponse response, int status, string? challenge, string body)
    {
        response.StatusCode = status;
        if (challenge is not null)
            response.Headers.Append("WWW-Authenticate", challenge);
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/json";
        return response.WriteAsync(body);
    }
}
