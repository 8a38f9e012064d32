using System.Buffers.Binary;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Verification.Tags;
using Warder.Engine.Management;

namespace Warder.Engine.Verification;

/// <summary>
/// Proves that a key was sent to a management key. The proof is a MAC of both, sent with the key, and repeated with each use that a replica
/// reports. Without it, a replica could set the last use of keys that it never held. A set of the keys sent over each connection would grow
/// with a preload, and would end with the connection that fills memory.
/// </summary>
/// <remarks>
/// Thread-safe. Nodes over one database derive the same MAC key from the root key. Without a root key the proofs hold in this process only.
/// </remarks>
internal sealed class UseProofs(RootKey? root, Entropy entropy)
{
    // 48 bits fit beside the other members of a cached key without making it larger. At a million guesses a second, a guess of one key's
    // proof takes years.
    private const ulong Mask = (1UL << 48) - 1;
    private const int KeyAndSecretBytes = 16 + 4;

    private readonly TokenTagger mac = new(
        root is null ? entropy.Bytes(TokenTagger.KeyBytes) : root.Derive("replica uses").AsSpan(0, TokenTagger.KeyBytes));

    /// <summary>Computes the proof; never zero.</summary>
    public long Of(Caller caller, UInt128 keyId, int secretNumber)
    {
        Span<byte> text = stackalloc byte[16 + KeyAndSecretBytes];
        BinaryPrimitives.WriteUInt128BigEndian(text, Id.Parse(IdKind.ManagementKey, caller.ManagementKeyId!));
        BinaryPrimitives.WriteUInt128BigEndian(text[16..], keyId);
        BinaryPrimitives.WriteInt32BigEndian(text[32..], secretNumber);
        return (long)Math.Max(1, (ulong)mac.Tag(text) & Mask);
    }
}
