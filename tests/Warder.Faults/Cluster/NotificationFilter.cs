using System.Buffers;
using System.Buffers.Binary;

namespace Warder.Faults.Cluster;

/// <summary>
/// Follows what a PostgreSQL server says, message by message (one byte of type, four of length, the rest), in whatever pieces it comes, and
/// takes out the NotificationResponses that begin while nobody is to hear them.
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

    /// <summary>How many notifications were taken out.</summary>
    public int Dropped { get; private set; }

    /// <summary>What to pass on of a piece, good until the next one. A head that is not whole yet is kept back.</summary>
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
