using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Warder.Client.Receipts;
using Warder.Core.Secrets;
using Warder.Core.Time;

namespace Warder.Client.Transport;

/// <summary>
/// Sends calls and reads their answers. The one place that retries, and it repeats only what <see cref="Call.IsRepeatable"/> allows.
/// </summary>
/// <remarks>Thread-safe; the only state is the <see cref="HttpClient"/>'s.</remarks>
internal sealed partial class Connection
{
    private readonly HttpClient http;
    private readonly TimeSpan timeout;
    private readonly TimeSpan attemptTimeout;
    private readonly int maxAttempts;
    private readonly SecretString? managementKey;
    private readonly ILogger logger;
    private readonly Uri baseAddress;
    private readonly string? onBehalfOf;
    private readonly Entropy entropy;

    public Connection(HttpClient http, WarderClientOptions options, Entropy entropy, ILogger logger)
    {
        options.ThrowIfWrong();
        (this.http, this.entropy, this.logger) = (http, entropy, logger);
        (timeout, attemptTimeout, maxAttempts) = (options.Timeout, options.AttemptTimeout, options.MaxAttempts);
        managementKey = options.ManagementKey is { } key ? new SecretString(key) : null;
        var address = options.BaseAddress.AbsoluteUri;
        baseAddress = new Uri(address.EndsWith('/') ? address : address + "/");
    }

    private Connection(Connection connection, string userId)
    {
        (http, entropy, logger) = (connection.http, connection.entropy, connection.logger);
        (timeout, attemptTimeout, maxAttempts) = (connection.timeout, connection.attemptTimeout, connection.maxAttempts);
        (managementKey, baseAddress, onBehalfOf) = (connection.managementKey, connection.baseAddress, userId);
    }

    /// <summary>Creates a connection with the same server and key, on behalf of a user.</summary>
    public Connection For(string userId) => new(this, userId);

    /// <summary>Returns the caller's idempotency key, or a fresh one of 32 hex digits.</summary>
    /// <exception cref="ArgumentException">The caller's key cannot be sent in a header.</exception>
    public string IdempotencyKey(string? given)
    {
        if (given is not null && (given.Length is 0 or > 255 || !given.All(c => c is > ' ' and < '\x7f')))
            throw new ArgumentException("An idempotency key must be 1 to 255 visible ASCII characters.");
        return given ?? Convert.ToHexStringLower(entropy.Bytes(16));
    }

    /// <summary>Sends a call without a body in its answer.</summary>
    public Task SendAsync(Call call, CancellationToken cancellationToken) => ExchangeAsync<object>(call, null, cancellationToken);

    /// <summary>Sends a call that deletes.</summary>
    public async Task<Deletion> DeleteAsync(Call call, CancellationToken cancellationToken)
        => new((await ExchangeAsync<object>(call, null, cancellationToken)).ReceiptId);

    /// <summary>Sends a call and reads its answer.</summary>
    /// <exception cref="WarderException">The call was refused, or got no answer.</exception>
    public async Task<T> SendAsync<T>(Call call, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        => (await ExchangeAsync(call, type, cancellationToken)).Body!;

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
                ? RetrySchedule.PauseAfter(attempts, maxAttempts, failure.RetryAfter, Remaining(started), entropy.Fraction())
                : null;
            if (pause is null)
                throw failure;
            LogRepeated(logger, call.Method.Method, attempts, failure.Code, failure.Status, pause.Value.TotalMilliseconds);
            await Task.Delay(pause.Value, cancellationToken);
        }
    }

    private TimeSpan Remaining(long startedMicroseconds)
        => timeout - TimeSpan.FromMicroseconds(Clock.MonotonicMicroseconds() - startedMicroseconds);

    private static bool IsTransient(WarderException failure)
        => failure.Status is 429 or 503
            || (failure.Status == 0 && failure.Code is WarderException.ConnectionFailed or WarderException.TimedOut);

    private async Task<((T? Body, string? ReceiptId) Answer, WarderException? Failure)> AttemptAsync<T>(
        Call call, JsonTypeInfo<T>? type, TimeSpan remaining, CancellationToken cancellationToken)
    {
        var limit = call.IsRepeatable && attemptTimeout < remaining ? attemptTimeout : remaining;
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
        if (managementKey is { } key)
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

    [LoggerMessage(
        Level = LogLevel.Debug,
        Message = "{Method}: attempt {Attempt} failed with {Code} (status {Status}); the next follows in {Pause} ms")]
    private static partial void LogRepeated(ILogger logger, string method, int attempt, string code, int status, double pause);
}
