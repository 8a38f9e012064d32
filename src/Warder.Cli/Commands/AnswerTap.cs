namespace Warder.Cli.Commands;

/// <summary>
/// Keeps the last answer as it came over the wire: its body for <c>--json</c>, where fields that this version does not know are in it too,
/// and its receipt's id. While a change is waited for, says how far it is.
/// </summary>
internal sealed class AnswerTap : DelegatingHandler
{
    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>The last success's body; empty when it had none.</summary>
    public string LastBody { get; private set; } = "";

    /// <summary>The last success's receipt; null when it had none.</summary>
    public string? LastReceiptId { get; private set; }

    /// <summary>What watches changes; null: nobody is there to see it.</summary>
    public Func<Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>, ReceiptWatch>? Watch { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sending = base.SendAsync(request, cancellationToken);
        var response = await (Watch is null || request.Method == HttpMethod.Get ? sending : Watch(base.SendAsync).Follow(request, sending, cancellationToken));
        if (!response.IsSuccessStatusCode)
            return response;
        await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
        LastBody = await response.Content.ReadAsStringAsync(cancellationToken);
        LastReceiptId = response.Headers.TryGetValues("Warder-Receipt", out var values) ? values.FirstOrDefault() : null;
        return response;
    }
}
