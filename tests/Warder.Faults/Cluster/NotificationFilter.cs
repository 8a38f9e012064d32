using System.Buffers;
using System.Buffers.Binary;

namespace Warder.Faults.Cluster;

/// <summary>
/// Parses the messages of a PostgreSQL server (one byte of type, four of length, the rest), in pieces of any size, and removes the
/// NotificationResponses that begin while the filter drops them.
/// </summary>
internal sealed class NotificationFilter
{
    private const int HeadBytes = 5;
    private const byte NotificationResponse = (byte)'A';

    private readonly byte[] head = new byte[HeadBytes];
    private readonly ArrayBufferWriter<byte> output = new();
    private int headCount;
    private long bodyLeft;
    private bool isDropping;

    /// <summary>Counts the notifications removed.</summary>
    public int Dropped { get; private set; }

    /// <summary>Returns the bytes to pass on from a piece, valid until the next one. An incomplete head is kept back.</summary>
    public ReadOnlyMemory<byte> Pass(ReadOnlySpan<byte> piece, bool isDeaf)
    {
        output.ResetWrittenCount();
        while (!piece.IsEmpty)
        {
            if (bodyLeft > 0)
            {
                var body = piece[..(int)Math.Min(bodyLeft, piece.Length)];
                Keep(body);
                bodyLeft -= body.Length;
                piece = piece[body.Length..];
                continue;
            }

            head[headCount++] = piece[0];
            piece = piece[1..];
            if (headCount == HeadBytes)
                Begin(isDeaf);
        }

        return output.WrittenMemory;
    }

    private void Begin(bool isDeaf)
    {
        bodyLeft = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - (HeadBytes - 1);
        headCount = 0;
        isDropping = isDeaf && head[0] == NotificationResponse;
        Dropped += isDropping ? 1 : 0;
        Keep(head);
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (!isDropping)
            output.Write(bytes);
    }
}
