using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Warder.Core.Verification.Tags;

/// <summary>
/// Computes tags of tokens in memory: AES-CMAC (RFC 4493) under a random key of this process. It is several times cheaper than SHA-256, and
/// keeps no plaintext. The key is never shown and never stored, so no caller can construct two tokens with equal tags.
/// </summary>
/// <remarks>
/// Immutable, so thread-safe. With AES instructions (x86, ARM) it allocates nothing; elsewhere it gives the same tags slowly.
/// </remarks>
public sealed class TokenTagger
{
    /// <summary>Bytes of the key.</summary>
    public const int KeyBytes = 16;

    private const int BlockBytes = 16;

    private readonly AesBlock aes;
    private readonly Vector128<byte> wholeBlockSubkey;
    private readonly Vector128<byte> paddedBlockSubkey;
    private readonly PortableCmac? portable;

    /// <summary>Takes a key of <see cref="KeyBytes"/> random bytes, from <see cref="Secrets.Entropy.System"/>.</summary>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public TokenTagger(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
            throw new ArgumentException("The key has 16 bytes.", nameof(key));
        if (!AesBlock.IsSupported)
        {
            portable = new PortableCmac(key);
            return;
        }

        aes = new AesBlock(key);
        var subkey = PortableCmac.Double(BigEndian(aes.Encrypt(Vector128<byte>.Zero)));
        wholeBlockSubkey = Block(subkey);
        paddedBlockSubkey = Block(PortableCmac.Double(subkey));
    }

    // 16 bytes from offset 16 - r bring the last r bytes of a block to its front, and zero (index 0x80) behind them.
    private static ReadOnlySpan<byte> TailShuffles =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
    ];

    // From the same offset: the bit that RFC 4493 puts behind r bytes; nothing when r is 16.
    private static ReadOnlySpan<byte> TailPaddings =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>The token's tag: the 16 bytes of its CMAC, read as a little-endian number. Any length, zero included.</summary>
    public UInt128 Tag(ReadOnlySpan<byte> token)
    {
        if (!AesBlock.IsSupported)
            return portable!.Tag(token);
        if (token.Length < BlockBytes)
            return Number(aes.Encrypt(Padded(token) ^ paddedBlockSubkey));

        // From here on every load lies within the token: it has a whole block, the tail's load ends at its end, and the
        // offset into the tables is 0 to 15. Copying the tail instead costs three times the rest (a store-forwarding stall).
        ref var start = ref MemoryMarshal.GetReference(token);
        var tailLength = ((token.Length - 1) & (BlockBytes - 1)) + 1;
        var body = token.Length - tailLength;
        var state = Vector128<byte>.Zero;
        for (var offset = 0; offset < body; offset += BlockBytes)
            state = aes.Encrypt(state ^ Vector128.LoadUnsafe(ref start, (nuint)offset));

        var table = (nuint)(BlockBytes - tailLength);
        var overlapping = Vector128.LoadUnsafe(ref start, (nuint)(token.Length - BlockBytes));
        var shuffle = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(TailShuffles), table);
        var padding = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(TailPaddings), table);
        var tail = Vector128.ShuffleNative(overlapping, shuffle) | padding;
        return Number(aes.Encrypt(state ^ tail ^ (tailLength == BlockBytes ? wholeBlockSubkey : paddedBlockSubkey)));
    }

    // Apart, so that the stack space is no burden on real tokens, which are longer.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Padded(ReadOnlySpan<byte> token)
    {
        Span<byte> block = stackalloc byte[BlockBytes];
        block.Clear();
        token.CopyTo(block);
        block[token.Length] = 0x80;
        return Vector128.Create<byte>(block);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static UInt128 Number(Vector128<byte> block) => new(block.AsUInt64()[1], block.AsUInt64()[0]);

    private static UInt128 BigEndian(Vector128<byte> block) => BinaryPrimitives.ReverseEndianness(Number(block));

    private static Vector128<byte> Block(UInt128 bigEndian)
    {
        var number = BinaryPrimitives.ReverseEndianness(bigEndian);
        return Vector128.Create((ulong)number, (ulong)(number >> 64)).AsByte();
    }
}
