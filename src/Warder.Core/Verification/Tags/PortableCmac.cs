using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Warder.Core.Verification.Tags;

/// <summary>
/// AES-CMAC (RFC 4493) by the platform's AES: for processors without AES instructions, and to check the fast path against.
/// It allocates, and takes microseconds.
/// </summary>
/// <remarks>Immutable, so thread-safe: each call has a cipher of its own.</remarks>
internal sealed class PortableCmac
{
    private const int BlockBytes = 16;

    private readonly byte[] key;
    private readonly UInt128 wholeBlockSubkey;
    private readonly UInt128 paddedBlockSubkey;

    public PortableCmac(ReadOnlySpan<byte> key)
    {
        this.key = key.ToArray();
        var zeroEncrypted = BinaryPrimitives.ReadUInt128BigEndian(EncryptedLastBlock(new byte[BlockBytes]));
        wholeBlockSubkey = Double(zeroEncrypted);
        paddedBlockSubkey = Double(wholeBlockSubkey);
    }

    /// <summary>The 16 bytes of the tag, read as a little-endian number.</summary>
    public UInt128 Tag(ReadOnlySpan<byte> message)
    {
        // RFC 4493, section 2.4: one block at least, the last one padded when it is not whole.
        var blocks = Math.Max(1, (message.Length + BlockBytes - 1) / BlockBytes);
        var padded = new byte[blocks * BlockBytes];
        message.CopyTo(padded);
        var whole = message.Length == padded.Length;
        if (!whole)
            padded[message.Length] = 0x80;

        var last = padded.AsSpan(padded.Length - BlockBytes);
        var mixed = BinaryPrimitives.ReadUInt128BigEndian(last) ^ (whole ? wholeBlockSubkey : paddedBlockSubkey);
        BinaryPrimitives.WriteUInt128BigEndian(last, mixed);
        var tag = BinaryPrimitives.ReadUInt128LittleEndian(EncryptedLastBlock(padded));
        CryptographicOperations.ZeroMemory(padded);
        return tag;
    }

    /// <summary>Multiplies by x in GF(2^128), section 2.3's way from one subkey to the next.</summary>
    internal static UInt128 Double(UInt128 value) => (value << 1) ^ ((value >> 127) * 0x87);

    // CBC from a zero vector, of which the last block is the MAC.
    private ReadOnlySpan<byte> EncryptedLastBlock(ReadOnlySpan<byte> blocks)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        Span<byte> zero = stackalloc byte[BlockBytes];
        zero.Clear();
        var encrypted = aes.EncryptCbc(blocks, zero, PaddingMode.None);
        return encrypted.AsSpan(encrypted.Length - BlockBytes);
    }
}
