using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Warder.Faults.Attacks;

/// <summary>Speaks a replica's stream by hand: it sends and reads only when the attack does so.</summary>
internal sealed class HostileStream : IDisposable
{
    private const int IdentityBytes = 16, ChunkBytes = 64 * 1024;

    private readonly ClientWebSocket socket = new();
    private readonly byte[] chunk = new byte[ChunkBytes];

    private HostileStream()
    {
    }

    public static async Task<HostileStream> OpenAsync(Node node, string managementKey, CancellationToken ending)
    {
        var stream = new HostileStream();
        try
        {
            stream.socket.Options.SetRequestHeader("Authorization", $"Bearer {managementKey}");
            await stream.socket.ConnectAsync(new Uri($"ws://{node.Address}/replicas/stream"), ending);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public static string NewIdentity() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdentityBytes));

    public Task RequestLeaseAsync(string identity, CancellationToken ending)
        => SendAsync(new { type = "lease_request", identity, name = "hostile", has = (object?)null }, ending);

    public Task AcknowledgeAsync(long sequence, CancellationToken ending) => SendAsync(new { type = "ack", sequence }, ending);

    public Task QuestionAsync(IEnumerable<string> values, CancellationToken ending)
        => SendAsync(new { type = "questions", questions = values.Select((value, number) => new { number, value, at_least = 0 }) }, ending);

    /// <summary>Reads one message; null when the stream is over.</summary>
    public async Task<JsonElement?> ReceiveAsync(CancellationToken ending)
    {
        using var message = new MemoryStream();
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(chunk.AsMemory(), ending);
            if (part.MessageType != WebSocketMessageType.Text)
                return null;
            message.Write(chunk, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonDocument.Parse(message.ToArray()).RootElement;
    }

    /// <summary>Breaks the connection off.</summary>
    public void Dispose()
    {
        socket.Abort();
        socket.Dispose();
    }

    private Task SendAsync(object message, CancellationToken ending)
        => socket.SendAsync(
            Encoding.UTF8.GetBytes(JsonSerializer.Serialize(message)), WebSocketMessageType.Text, endOfMessage: true, ending);
}
