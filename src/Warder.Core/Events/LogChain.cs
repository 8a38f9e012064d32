using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Warder.Core.Events;

/// <summary>
/// The hash chain of the log. A batch's events become one digest, and the head takes one step. Numbering a batch therefore costs one hash
/// under the head's lock, for any size of the batch.
/// </summary>
/// <remarks>
/// <c>leaf = SHA-256(0x00 ‖ bytes)</c> as in RFC 9162, section 2.1.1; <c>digest = SHA-256(leaf₁ ‖ leaf₂ ‖ …)</c>;
/// <c>hash′ = SHA-256(hash ‖ first sequence ‖ count ‖ digest)</c>, both numbers as 8 bytes, big-endian.
/// </remarks>
public static class LogChain
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashBytes = 32;

    /// <summary>The hash before the first event.</summary>
    public static byte[] Genesis() => new byte[HashBytes];

    /// <summary>An event's leaf.</summary>
    public static void Leaf(ReadOnlySpan<byte> bytes, Span<byte> leaf)
    {
        // One call over one span: an incremental hash costs more than the copy.
        var input = ArrayPool<byte>.Shared.Rent(1 + bytes.Length);
        input[0] = 0;
        bytes.CopyTo(input.AsSpan(1));
        SHA256.HashData(input.AsSpan(0, 1 + bytes.Length), leaf);
        ArrayPool<byte>.Shared.Return(input);
    }

    /// <summary>Computes the digest of a batch from its events' bytes in order.</summary>
    public static byte[] Fold(IReadOnlyList<byte[]> events)
    {
        var leaves = new byte[events.Count * HashBytes];
        for (var i = 0; i < events.Count; i++)
            Leaf(events[i], leaves.AsSpan(i * HashBytes, HashBytes));
        return SHA256.HashData(leaves);
    }

    /// <summary>Computes the digest of a batch from the leaves of its events in order.</summary>
    public static byte[] Fold(IReadOnlyList<EventBody> bodies)
    {
        var leaves = new byte[bodies.Count * HashBytes];
        for (var i = 0; i < bodies.Count; i++)
            bodies[i].Leaf.CopyTo(leaves.AsSpan(i * HashBytes));
        return SHA256.HashData(leaves);
    }

    /// <summary>The head's hash after a batch.</summary>
    public static byte[] Step(ReadOnlySpan<byte> hash, long firstSequence, long count, ReadOnlySpan<byte> digest)
    {
        Span<byte> input = stackalloc byte[HashBytes + 8 + 8 + HashBytes];
        hash.CopyTo(input);
        BinaryPrimitives.WriteInt64BigEndian(input[32..], firstSequence);
        BinaryPrimitives.WriteInt64BigEndian(input[40..], count);
        digest.CopyTo(input[48..]);
        return SHA256.HashData(input);
    }
}
