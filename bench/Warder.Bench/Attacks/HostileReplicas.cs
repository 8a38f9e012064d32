using System.Diagnostics;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Warder.Bench.Attacks;

/// <summary>
/// Runs hostile replicas in a process of their own, so that their cost can be separated. At each node, one with a fresh identity every 0.4
/// s never acknowledges, one acknowledges right before its lease ends, and one connects and breaks off.
/// </summary>
internal static class HostileReplicas
{
    private const int MostHeld = 8, IdentityBytes = 16, ChunkBytes = 64 * 1024;
    private static readonly TimeSpan BetweenIdentities = TimeSpan.FromSeconds(0.4), BetweenTries = TimeSpan.FromSeconds(0.25),
        BeforeTheEnd = TimeSpan.FromSeconds(0.25),
        BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Arguments: a management key, and the nodes' addresses. Attacks from a line <c>attack</c> until the next one, and answers each line;
    /// ends when its input does.
    /// </summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        while (await Console.In.ReadLineAsync() is { } attack)
        {
            using var ending = new CancellationTokenSource();
            var attacks = arguments.Skip(1).SelectMany(node => new[]
            {
                NeverAcknowledge(node, arguments[0], ending.Token), AcknowledgeLate(node, arguments[0], ending.Token),
                BreakOff(node, arguments[0], ending.Token),
            }).ToList();
            Console.WriteLine(attack);
            var rest = await Console.In.ReadLineAsync();
            await ending.CancelAsync();
            await Task.WhenAll(attacks);
            Console.WriteLine(rest);
        }

        return 0;
    }

    private static async Task NeverAcknowledge(string node, string key, CancellationToken ending)
    {
        var held = new Queue<ClientWebSocket>();
        await Repeat(BetweenIdentities, async () =>
        {
            held.Enqueue(await Open(node, key, ending));
            await RequestLease(held.Last(), NewIdentity(), ending);
            if (held.Count > MostHeld)
                held.Dequeue().Dispose();
        }, ending);
        foreach (var socket in held)
            socket.Dispose();
    }

    private static Task BreakOff(string node, string key, CancellationToken ending) => Repeat(BetweenTries, async () =>
    {
        using var socket = await Open(node, key, ending);
        await RequestLease(socket, NewIdentity(), ending);
    }, ending);

    private static Task AcknowledgeLate(string node, string key, CancellationToken ending) => Repeat(BetweenTries, async () =>
    {
        using var socket = await Open(node, key, ending);
        var identity = NewIdentity();
        var (seen, requested, due) = (0L, 0L, long.MaxValue);
        var reading = Read();
        while (!reading.IsCompleted)
        {
            (requested, due) = (Stopwatch.GetTimestamp(), long.MaxValue);
            await RequestLease(socket, identity, ending);
            while (!reading.IsCompleted && Volatile.Read(ref due) == long.MaxValue)
                await Task.Delay(BetweenLooks, ending);
            if (!reading.IsCompleted && Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), Volatile.Read(ref due)) is { Ticks: > 0 } left)
                await Task.WhenAny(reading, Task.Delay(left, ending));
            if (!reading.IsCompleted)
                await Send(socket, new { type = "ack", sequence = Volatile.Read(ref seen) }, ending);
        }

        await reading;

        // Until the node refuses or closes the connection.
        async Task Read()
        {
            while (await Receive(socket, ending) is { } message && !message.TryGetProperty("retry_after_milliseconds", out _))
            {
                if (message.TryGetProperty("microseconds", out var granted))
                    Volatile.Write(ref due, requested + Ticks(TimeSpan.FromMicroseconds(granted.GetInt64()) - BeforeTheEnd));
                if ((message.TryGetProperty("delta", out var news) ? news : message).TryGetProperty("place", out var place))
                    Volatile.Write(ref seen, place.GetProperty("sequence").GetInt64());
            }
        }
    }, ending);

    private static long Ticks(TimeSpan span) => (long)(span.TotalSeconds * Stopwatch.Frequency);

    private static async Task Repeat(TimeSpan pause, Func<Task> attack, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await attack();
                await Task.Delay(pause, ending);
            }
            catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
            {
                // The node closed the connection, or the attack has ended.
                await Task.Delay(ending.IsCancellationRequested ? TimeSpan.Zero : pause, CancellationToken.None);
            }
        }
    }

    private static string NewIdentity() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdentityBytes));

    private static async Task<ClientWebSocket> Open(string node, string key, CancellationToken ending)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", key);
        await socket.ConnectAsync(new UriBuilder(node) { Scheme = "ws", Path = "/replicas/stream" }.Uri, ending);
        return socket;
    }

    private static Task RequestLease(ClientWebSocket socket, string identity, CancellationToken ending)
        => Send(socket, new { type = "lease_request", identity, name = "hostile", has = (object?)null }, ending);

    private static Task Send(ClientWebSocket socket, object message, CancellationToken ending)
        => socket.SendAsync(
            Encoding.UTF8.GetBytes(JsonSerializer.Serialize(message)), WebSocketMessageType.Text, endOfMessage: true, ending);

    private static async Task<JsonElement?> Receive(ClientWebSocket socket, CancellationToken ending)
    {
        var chunk = new byte[ChunkBytes];
        using var message = new MemoryStream();
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(chunk, ending);
            message.Write(chunk, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return part.MessageType == WebSocketMessageType.Text ? JsonDocument.Parse(message.ToArray()).RootElement : null;
    }
}
