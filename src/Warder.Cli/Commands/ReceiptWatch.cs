using System.Text.Json;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Contracts;
using Warder.Contracts.Receipts;

namespace Warder.Cli.Commands;

/// <summary>
/// Shows the outcome of each verifier while a change waits to be in force. A watch that cannot read the pending receipts ends without an
/// error: the change does not depend on it.
/// </summary>
/// <param name="shell">The shell whose standard error shows the outcomes.</param>
/// <param name="pending">The address of the pending receipts.</param>
/// <param name="send">Sends a request to the server.</param>
internal sealed class ReceiptWatch(Shell shell, Uri pending, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send)
{
    // A change takes a few milliseconds when every verifier is connected. So most changes end before the first request.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly Dictionary<string, string> shown = new(StringComparer.Ordinal);

    /// <summary>Watches a change until its response arrives.</summary>
    public async Task<HttpResponseMessage> Follow(
        HttpRequestMessage change, Task<HttpResponseMessage> answer, CancellationToken cancellation)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var looking = PollUntil(change, answered.Token);
        try
        {
            return await answer;
        }
        finally
        {
            await answered.CancelAsync();
            await looking;
        }
    }

    private async Task PollUntil(HttpRequestMessage change, CancellationToken answered)
    {
        try
        {
            do
                await Task.Delay(Pause, answered);
            while (await PollOnce(change, answered));
        }
        catch (OperationCanceledException)
        {
            // The response arrived.
        }
    }

    // Returns false when the server does not give the pending receipts; then the watch ends.
    private async Task<bool> PollOnce(HttpRequestMessage change, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, pending);
            request.Headers.Authorization = change.Headers.Authorization;
            using var response = await send(request, cancellation);
            if (!response.IsSuccessStatusCode)
                return false;
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            var receipts = JsonSerializer.Deserialize(body, WarderJson.Wire.ListPageReceipt)!.Data;
            // Other callers' changes may be pending, too. A receipt whose subject is in the request's address is this change's. A single
            // pending receipt is taken for this change's.
            var path = change.RequestUri!.AbsolutePath;
            var own = receipts.FirstOrDefault(receipt => path.Contains(receipt.SubjectId, StringComparison.Ordinal))
                ?? (receipts.Count == 1 ? receipts[0] : null);
            if (own is not null)
                Show(own);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException)
        {
            return false;
        }
    }

    private void Show(Receipt receipt)
    {
        if (shown.Count == 0)
            shell.Error.WriteLine("The change is durable. Waiting until it is in force everywhere:");
        foreach (var line in receipt.Verifiers)
        {
            if (shown.TryGetValue(line.Id, out var before) && before == line.Outcome)
                continue;
            shown[line.Id] = line.Outcome;
            ReceiptText.Line(shell, line);
        }
    }
}
