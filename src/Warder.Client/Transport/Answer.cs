using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Warder.Contracts;
using Warder.Contracts.Errors;

namespace Warder.Client.Transport;

/// <summary>Reads what came back: the shape that was asked for, or the reason that there is none.</summary>
internal static class Answer
{
    /// <summary>More than any answer of the API: 100 objects with all their fields full.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    public static async Task<((T? Body, string? ReceiptId) Answer, WarderException? Failure)> ReadAsync<T>(
        HttpResponseMessage response, JsonTypeInfo<T>? type, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            return (default, Failure(response, body));
        var receiptId = response.Headers.TryGetValues("Warder-Receipt", out var values) ? values.FirstOrDefault() : null;
        if (type is null)
            return ((default, receiptId), null);
        try
        {
            if (JsonSerializer.Deserialize(body, type) is { } answer)
                return ((answer, receiptId), null);
        }
        catch (JsonException exception)
        {
            // The exception's message can quote the body, and the body can hold a secret: keep its place only.
            return (default, Unexpected(response, $"its body is not the expected JSON (at {exception.Path ?? "$"})"));
        }

        return (default, Unexpected(response, "its body is empty"));
    }

    private static WarderException Failure(HttpResponseMessage response, byte[] body)
    {
        ErrorBody? error = null;
        try
        {
            error = JsonSerializer.Deserialize(body, WarderJson.Wire.ErrorBody);
        }
        catch (JsonException)
        {
            // Not ours: a proxy's page, or what the web server refused before any of Warder's code ran.
        }

        if (error is null)
            return Foreign(response);
        return new WarderException((int)response.StatusCode, error.Code, error.Message)
        {
            Errors = error.Errors ?? [],
            RequestId = error.RequestId,
            RetryAfter = RetryAfter(response),
        };
    }

    private static WarderException Foreign(HttpResponseMessage response)
    {
        var code = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => "unauthorized",
            HttpStatusCode.TooManyRequests => "rate_limit_exceeded",
            HttpStatusCode.ServiceUnavailable => "unavailable",
            _ => WarderException.UnexpectedAnswer,
        };
        return new WarderException((int)response.StatusCode, code, $"{Origin(response)} answered {(int)response.StatusCode} without a reason.")
        {
            RequestId = RequestId(response),
            RetryAfter = RetryAfter(response),
        };
    }

    private static WarderException Unexpected(HttpResponseMessage response, string what)
        => new((int)response.StatusCode, WarderException.UnexpectedAnswer, $"{Origin(response)} answered {(int)response.StatusCode}, but {what}.")
        {
            RequestId = RequestId(response),
        };

    private static string Origin(HttpResponseMessage response) => response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority) ?? "The server";

    private static string? RequestId(HttpResponseMessage response)
        => response.Headers.TryGetValues("X-Request-ID", out var values) ? values.FirstOrDefault() : null;

    // Seconds only: that is what Warder sends, and a date would need the server's clock and ours to agree.
    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;
}
