using System.Text.Json;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Contracts;
using Warder.Contracts.Receipts;

namespace Warder.Cli.Commands;

/// <summary>
/// Shows, while a change waits to be in force, which verifiers know of it by now. It only looks: that it may not, or cannot, is no failure.
/// </summary>
/// <param name="shell">Where to show it.</param>
/// <param name="pending">What to ask.</param>
/// <param name="send">How.</param>
internal sealed class ReceiptWatch(Shell shell, Uri pending, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send)
{
    // Where all verifiers are there, a change takes a few milliseconds.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly Dictionary<string, string> shown = new(StringComparer.Ordinal);

    /// <summary>Watches until a change is answered.</summary>
    public async Task<HttpResponseMessage> Follow(HttpRequestMessage change, Task<HttpResponseMessage> answer, CancellationToken cancellation)
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
            // There is an answer.
        }
    }

    // False when there is nothing to see, and will be nothing.
    private async Task<bool> PollOnce(HttpRequestMessage change, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, pending);
            request.Headers.Authorization = change.Headers.Authorization;
            using var response = await send(request, cancellation);
            if (!response.IsSuccessStatusCode)
                return false;
            var receipts = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellation), WarderJson.Wire.ListPageReceipt)!.Data;
            // Others may be changing other things. What is named in the address is surely ours; what has no id there is ours if there is no
            // other.
            var own = receipts.FirstOrDefault(receipt => change.RequestUri!.AbsolutePath.Contains(receipt.SubjectId, StringComparison.Ordinal))
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
            shell.Error.WriteLine("It is durable. Until it is in force everywhere:");
        foreach (var line in receipt.Verifiers)
        {
            if (shown.TryGetValue(line.Id, out var before) && before == line.Outcome)
                continue;
            shown[line.Id] = line.Outcome;
            ReceiptText.Line(shell, line);
        }
    }
}
