using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Warder.Protocol;

namespace Warder.Engine.Streams;

/// <summary>
/// Reads a replica's messages, one at a time. The buffer is small until a message needs more, and the additional bytes count in the
/// connection's budget.
/// </summary>
internal sealed class MessageReader(WebSocket socket, SendBudget budget) : IDisposable
{
    private const int FirstBytes = 4 * 1024;

    // Presented secrets pass through the buffer, so it is cleared before its return to the pool.
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int taken;

    /// <summary>The bytes of the last message.</summary>
    public int Length { get; private set; }

    /// <summary>Reads the next message.</summary>
    /// <returns>The message; or the violation; or neither when the peer has closed.</returns>
    /// <exception cref="WebSocketException">The connection is lost, or its frames or its UTF-8 are malformed.</exception>
    public async ValueTask<(ReplicaMessage? Message, StreamViolation? Violation)> Read(CancellationToken ended)
    {
        Shrink();
        Length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(Length), ended);
            if (part.MessageType == WebSocketMessageType.Close)
                return default;
            if (part.MessageType != WebSocketMessageType.Text)
                return (null, StreamViolation.NotText);
            Length += part.Count;
            if (part.EndOfMessage)
                return Parse(buffer.AsSpan(0, Length));
            if (Length >= StreamLimits.ReplicaMessageBytes)
                return (null, StreamViolation.TooLong);
            if (Length == buffer.Length && !TryGrow())
                return (null, StreamViolation.OverBudget);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        budget.Return(taken);
    }

    // Every exception of the parser is caught here. An uncaught one would be logged, with a kilobyte for each message.
    private static (ReplicaMessage? Message, StreamViolation? Violation) Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ProtocolJson.Wire.ReplicaMessage) is { } message
                ? (message, null)
                : (null, StreamViolation.Malformed);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or FormatException
            or ArgumentException or OverflowException)
        {
            return (null, StreamViolation.Malformed);
        }
    }

    private bool TryGrow()
    {
        var size = Math.Min(buffer.Length * 2, StreamLimits.ReplicaMessageBytes);
        if (!budget.TryTake(size - buffer.Length))
            return false;
        taken += size - buffer.Length;
        var larger = ArrayPool<byte>.Shared.Rent(size);
        buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = larger;
        return true;
    }

    private void Shrink()
    {
        if (taken == 0)
            return;
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
        budget.Return(taken);
        taken = 0;
    }
}
