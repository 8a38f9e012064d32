namespace Warder.Cli.Commands;

/// <summary>
/// Keeps the body of the last response for <c>--json</c>, with the fields that this version does not know, and its receipt's id. Shows the
/// progress of a change until its response arrives.
/// </summary>
internal sealed class AnswerTap : DelegatingHandler
{
    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>The body of the last successful response; empty when it has none.</summary>
    public string LastBody { get; private set; } = "";

    /// <summary>The receipt of the last successful response; null when it has none.</summary>
    public string? LastReceiptId { get; private set; }

    /// <summary>Creates the watch of a change; null: standard error is not a terminal, and changes are not watched.</summary>
    public Func<Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>, ReceiptWatch>? Watch { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sending = base.SendAsync(request, cancellationToken);
        var isWatched = Watch is not null && request.Method != HttpMethod.Get;
        var response = await (isWatched ? Watch!(base.SendAsync).Follow(request, sending, cancellationToken) : sending);
        if (!response.IsSuccessStatusCode)
            return response;
        await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
        LastBody = await response.Content.ReadAsStringAsync(cancellationToken);
        LastReceiptId = response.Headers.TryGetValues("Warder-Receipt", out var values) ? values.FirstOrDefault() : null;
        return response;
    }
}
