using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;

namespace Warder.Faults.Attacks;

/// <summary>Runs hostile replicas. Each attacks one node with one management key until it is ended, with a few percent of a core.</summary>
internal static class Attackers
{
    private const int MostHeld = 12, Stalled = 8, QuestionsAMessage = 100;
    private static readonly TimeSpan BetweenIdentities = TimeSpan.FromSeconds(0.4), BeforeTheEnd = TimeSpan.FromSeconds(0.25),
        BetweenTries = TimeSpan.FromSeconds(0.2),
        BetweenQuestions = TimeSpan.FromSeconds(0.1), BetweenConnections = TimeSpan.FromSeconds(0.05);

    /// <summary>Requests a lease with a fresh identity every 0.4 s, and never acknowledges.</summary>
    public static Task NeverAcknowledge(Node node, HostileKeys keys, string key, CancellationToken ending) => Repeat(
        BetweenIdentities, async held =>
    {
        var stream = await HostileStream.OpenAsync(node, key, ending);
        held.Enqueue(stream);
        await stream.RequestLeaseAsync(HostileStream.NewIdentity(), ending);
        if (held.Count > MostHeld)
            held.Dequeue().Dispose();
    }, ending);

    /// <summary>Acknowledges 0.25 s before its lease ends, on one connection, and requests the next lease.</summary>
    public static Task AcknowledgeLate(Node node, HostileKeys keys, string key, CancellationToken ending) => Repeat(
        BetweenTries, async held =>
    {
        using var stream = await HostileStream.OpenAsync(node, key, ending);
        var (identity, seen, end, requested) = (HostileStream.NewIdentity(), 0L, long.MaxValue, 0L);
        var reading = Read();
        while (!reading.IsCompleted)
        {
            (requested, end) = (Stopwatch.GetTimestamp(), long.MaxValue);
            await stream.RequestLeaseAsync(identity, ending);
            while (!reading.IsCompleted && Stopwatch.GetTimestamp() < Volatile.Read(ref end) - Meter.Ticks(BeforeTheEnd))
                await Task.Delay(TimeSpan.FromMilliseconds(20), ending);
            if (!reading.IsCompleted)
                await stream.AcknowledgeAsync(Volatile.Read(ref seen), ending);
        }

        await reading;
        async Task Read()
        {
            while (await stream.ReceiveAsync(ending) is { } message)
            {
                if (message.TryGetProperty("microseconds", out var granted))
                    Volatile.Write(ref end, requested + Meter.Ticks(TimeSpan.FromMicroseconds(granted.GetInt64())));
                if (message.TryGetProperty("retry_after_milliseconds", out _))
                    return;
                // The log starts at the first lease's place: it acknowledges no more than it must.
                var news = message.TryGetProperty("delta", out var granting) ? granting : message;
                if (news.TryGetProperty("place", out var place) && place.ValueKind == JsonValueKind.Object)
                    Volatile.Write(ref seen, place.GetProperty("sequence").GetInt64());
            }
        }
    }, ending);

    /// <summary>Sends lease requests and lookups on its connections, and reads nothing.</summary>
    public static Task StopReading(Node node, HostileKeys keys, string key, CancellationToken ending) => Repeat(
        BetweenTries, async held =>
    {
        if (held.Count >= Stalled)
            held.Dequeue().Dispose();
        var stream = await HostileStream.OpenAsync(node, key, ending);
        held.Enqueue(stream);
        await stream.RequestLeaseAsync(HostileStream.NewIdentity(), ending);
        await stream.QuestionAsync(Enumerable.Repeat(keys.LargeKey, QuestionsAMessage / 10), ending);
    }, ending);

    /// <summary>Sends the lookups with the largest answers, on one connection.</summary>
    public static Task RequestLargeAnswers(Node node, HostileKeys keys, string key, CancellationToken ending) => Repeat(
        BetweenTries, async _ =>
    {
        using var stream = await HostileStream.OpenAsync(node, key, ending);
        await stream.RequestLeaseAsync(HostileStream.NewIdentity(), ending);
        while (true)
        {
            await stream.QuestionAsync(Enumerable.Repeat(keys.LargeKey, QuestionsAMessage), ending);
            await Task.Delay(BetweenQuestions, ending);
        }
    }, ending);

    /// <summary>Sends a lease request and breaks the connection off, twenty times a second.</summary>
    public static Task ConnectAgain(Node node, HostileKeys keys, string key, CancellationToken ending) => Repeat(
        BetweenConnections, async _ =>
    {
        using var stream = await HostileStream.OpenAsync(node, key, ending);
        await stream.RequestLeaseAsync(HostileStream.NewIdentity(), ending);
    }, ending);

    // Repeats an attack until it is ended, and ignores the node's reactions.
    private static async Task Repeat(TimeSpan pause, Func<Queue<HostileStream>, Task> attack, CancellationToken ending)
    {
        Queue<HostileStream> held = new();
        try
        {
            while (!ending.IsCancellationRequested)
            {
                try
                {
                    await attack(held);
                }
                catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException)
                {
                    // The node refused or closed the connection, or is away: the attack starts again.
                }

                await Task.Delay(pause, ending);
            }
        }
        catch (OperationCanceledException)
        {
            // The attack has ended.
        }
        finally
        {
            foreach (var stream in held)
                stream.Dispose();
        }
    }
}
