using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;
using Warder.Core.Secrets;
using Warder.Core.Time;

namespace Warder.Client.Transport;

/// <summary>
/// Sends calls and reads their answers. The one place that retries, and it repeats only what <see cref="Call.IsRepeatable"/> allows.
/// </summary>
/// <remarks>Thread-safe; the only state is the <see cref="HttpClient"/>'s.</remarks>
internal sealed class Connection
{
    private readonly HttpClient http;
    private readonly WarderClientOptions options;
    private readonly Uri baseAddress;
    private readonly string? onBehalfOf;
    private readonly Entropy entropy;

    public Connection(HttpClient http, WarderClientOptions options, string? onBehalfOf, Entropy entropy)
    {
        options.Check();
        (this.http, this.options, this.onBehalfOf, this.entropy) = (http, options, onBehalfOf, entropy);
        var address = options.BaseAddress.AbsoluteUri;
        baseAddress = new Uri(address.EndsWith('/') ? address : address + "/");
    }

    /// <summary>The same server and key, speaking for a person.</summary>
    public Connection For(string? userId) => new(http, options, userId, entropy);

    /// <summary>The caller's key, or a fresh one: 32 hex digits.</summary>
    /// <exception cref="ArgumentException">The caller's key could not be sent.</exception>
    public string IdempotencyKey(string? given)
    {
        if (given is not null && (given.Length is 0 or > 255 || !given.All(c => c is > ' ' and < '\x7f')))
            throw new ArgumentException("An idempotency key must be 1 to 255 visible ASCII characters.");
        return given ?? Convert.ToHexStringLower(entropy.Bytes(16));
    }

    /// <summary>Sends a call whose answer has no body.</summary>
    /// <returns>The id of its receipt, if it has one.</returns>
    public async Task<string?> SendAsync(Call call, CancellationToken cancellationToken) => (await ExchangeAsync<object>(call, null, cancellationToken)).ReceiptId;

    /// <summary>Sends a call and reads its answer.</summary>
    /// <exception cref="WarderException">It was refused, or could not be answered.</exception>
    public async Task<T> SendAsync<T>(Call call, JsonTypeInfo<T> type, CancellationToken cancellationToken) => (await ExchangeAsync(call, type, cancellationToken)).Body!;

    private async Task<(T? Body, string? ReceiptId)> ExchangeAsync<T>(Call call, JsonTypeInfo<T>? type, CancellationToken cancellationToken)
    {
        var started = Clock.MonotonicMicroseconds();
        for (var attempts = 1; ; attempts++)
        {
            var remaining = Remaining(started);
            var (answer, failure) = await AttemptAsync(call, type, remaining, cancellationToken);
            if (failure is null)
                return answer;
            var pause = call.IsRepeatable && IsTransient(failure)
                ? RetrySchedule.PauseAfter(attempts, options.MaxAttempts, failure.RetryAfter, Remaining(started), entropy.Fraction())
                : null;
            if (pause is null)
                throw failure;
            await Task.Delay(pause.Value, cancellationToken);
        }
    }

    private TimeSpan Remaining(long startedMicroseconds)
        => options.Timeout - TimeSpan.FromMicroseconds(Clock.MonotonicMicroseconds() - startedMicroseconds);

    private static bool IsTransient(WarderException failure)
        => failure.Status is 429 or 503 || (failure.Status == 0 && failure.Code is WarderException.ConnectionFailed or WarderException.TimedOut);

    private async Task<((T? Body, string? ReceiptId) Answer, WarderException? Failure)> AttemptAsync<T>(
        Call call, JsonTypeInfo<T>? type, TimeSpan remaining, CancellationToken cancellationToken)
    {
        var limit = call.IsRepeatable && options.AttemptTimeout < remaining ? options.AttemptTimeout : remaining;
        if (limit <= TimeSpan.Zero)
            return (default, TimeoutFailure(null));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            using var request = Request(call);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return await Answer.ReadAsync(response, type, deadline.Token);
        }
        catch (HttpRequestException exception)
        {
            var message = $"Warder at {baseAddress} cannot be reached: {exception.Message}";
            return (default, new WarderException(0, WarderException.ConnectionFailed, message, exception));
        }
        catch (IOException exception)
        {
            var message = $"The connection to Warder at {baseAddress} was lost: {exception.Message}";
            return (default, new WarderException(0, WarderException.ConnectionFailed, message, exception));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (default, TimeoutFailure(exception));
        }
    }

    private WarderException TimeoutFailure(Exception? exception)
        => new(0, WarderException.TimedOut, $"Warder at {baseAddress} did not answer in time.", exception);

    private HttpRequestMessage Request(Call call)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(baseAddress, call.Target));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (options.ManagementKey is { } key)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        if (call.IdempotencyKey is { } idempotencyKey)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (onBehalfOf is not null)
            request.Headers.Add("Warder-On-Behalf-Of", onBehalfOf);
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }
}
