namespace Warder.Cli.Verbs;

/// <summary>Keeps the last answer's body as it came over the wire, for <c>--json</c>: fields that this version does not know are in it too.</summary>
internal sealed class AnswerTap : DelegatingHandler
{
    private const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>The last success's body; empty when it had none.</summary>
    public string LastBody { get; private set; } = "";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
            return response;
        await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
        LastBody = await response.Content.ReadAsStringAsync(cancellationToken);
        return response;
    }
}
