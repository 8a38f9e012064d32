using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Warder.Contracts;
using Warder.Contracts.Errors;

namespace Warder.Client.Transport;

/// <summary>Reads an answer: the expected object, or the error.</summary>
internal static class Answer
{
    /// <summary>Exceeds any answer of the API: 100 objects with all their fields full.</summary>
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
            // The exception's message can quote the body, and the body can hold a secret: only the exception's path is kept.
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
            // The body is not Warder's: a proxy's page, or a refusal of the web server before Warder's code ran.
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
        return new WarderException(
            (int)response.StatusCode, code, $"{Origin(response)} answered {(int)response.StatusCode} without a reason.")
        {
            RequestId = RequestId(response),
            RetryAfter = RetryAfter(response),
        };
    }

    private static WarderException Unexpected(HttpResponseMessage response, string what)
        => new(
            (int)response.StatusCode, WarderException.UnexpectedAnswer,
            $"{Origin(response)} answered {(int)response.StatusCode}, but {what}.")
        {
            RequestId = RequestId(response),
        };

    private static string Origin(HttpResponseMessage response)
        => response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority) ?? "The server";

    private static string? RequestId(HttpResponseMessage response)
        => response.Headers.TryGetValues("X-Request-ID", out var values) ? values.FirstOrDefault() : null;

    // Reads seconds only: Warder sends no date, and a date would require that the server's clock and this one agree.
    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;
}
