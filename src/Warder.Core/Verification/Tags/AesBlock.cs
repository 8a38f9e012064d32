using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Warder.Core.Verification.Tags;

/// <summary>AES-128 (FIPS 197) of one block by the processor's own instructions, with the round keys expanded once.</summary>
/// <remarks>Requires <see cref="IsSupported"/>. The instructions take the same time for every key and all data.</remarks>
internal readonly struct AesBlock
{
    private readonly Vector128<byte> k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, k10;

    /// <summary>Expands a key of 16 bytes (FIPS 197, section 5.2).</summary>
    public AesBlock(ReadOnlySpan<byte> key)
    {
        const int rounds = 10;
        Span<Vector128<uint>> keys = stackalloc Vector128<uint>[rounds + 1];
        keys[0] = Vector128.Create(key).AsUInt32();
        var roundConstant = 1u;
        for (var i = 1; i <= rounds; i++)
        {
            var previous = keys[i - 1];
            // Words are little-endian here, so RotWord turns right and the constant goes to the lowest byte.
            var mixed = BitOperations.RotateRight(SubWord(previous[3]), 8) ^ roundConstant;
            var w0 = previous[0] ^ mixed;
            var w1 = previous[1] ^ w0;
            var w2 = previous[2] ^ w1;
            keys[i] = Vector128.Create(w0, w1, w2, previous[3] ^ w2);
            roundConstant = (roundConstant << 1) ^ ((roundConstant >> 7) * 0x11B);
        }

        (k0, k1, k2, k3) = (keys[0].AsByte(), keys[1].AsByte(), keys[2].AsByte(), keys[3].AsByte());
        (k4, k5, k6, k7) = (keys[4].AsByte(), keys[5].AsByte(), keys[6].AsByte(), keys[7].AsByte());
        (k8, k9, k10) = (keys[8].AsByte(), keys[9].AsByte(), keys[10].AsByte());
        keys.Clear();
    }

    /// <summary>Whether this processor has the instructions. Constant to the compiler.</summary>
    public static bool IsSupported => BitConverter.IsLittleEndian && (X86Aes.IsSupported || ArmAes.IsSupported);

    /// <summary>The block's encryption.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<byte> Encrypt(Vector128<byte> block)
    {
        block = Round(Start(block, k0), k0, k1);
        block = Round(block, k1, k2);
        block = Round(block, k2, k3);
        block = Round(block, k3, k4);
        block = Round(block, k4, k5);
        block = Round(block, k5, k6);
        block = Round(block, k6, k7);
        block = Round(block, k7, k8);
        block = Round(block, k8, k9);
        return X86Aes.IsSupported ? X86Aes.EncryptLast(block, k10) : ArmAes.Encrypt(block, k9) ^ k10;
    }

    // x86 adds a round's key at its end, ARM at its beginning: so each names the key before the round and the one after it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Start(Vector128<byte> block, Vector128<byte> key) => X86Aes.IsSupported ? block ^ key : block;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Round(Vector128<byte> block, Vector128<byte> before, Vector128<byte> after)
        => X86Aes.IsSupported ? X86Aes.Encrypt(block, after) : ArmAes.MixColumns(ArmAes.Encrypt(block, before));

    // With four equal columns, ARM's ShiftRows moves nothing, and the rest of its round is SubBytes.
    private static uint SubWord(uint word)
        => X86Aes.IsSupported
            ? X86Aes.KeygenAssist(Vector128.Create(word).AsByte(), 0).AsUInt32()[0]
            : ArmAes.Encrypt(Vector128.Create(word).AsByte(), Vector128<byte>.Zero).AsUInt32()[0];
}
