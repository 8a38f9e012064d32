using System.Security.Cryptography;
using System.Text;

namespace Warder.Core.Secrets;

/// <summary>
/// The secret outside the database. Every key that protects a value in the database is derived from it by HKDF-SHA256 (RFC 5869), one
/// subkey for each purpose. Sealing uses AES-256-GCM.
/// </summary>
public sealed class RootKey
{
    /// <summary>Bytes of a root key.</summary>
    public const int Length = 32;

    private const int NonceBytes = 12;
    private const int MacBytes = 16;

    private readonly byte[] key;

    /// <summary>Wraps a key's bytes.</summary>
    /// <exception cref="ArgumentException">The bytes are not exactly 32.</exception>
    public RootKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException("A root key has 32 bytes.", nameof(bytes));
        key = bytes.ToArray();
    }

    /// <summary>Derives the subkey of a purpose: 32 bytes.</summary>
    public byte[] Derive(string purpose)
        => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, Length, info: Encoding.UTF8.GetBytes("warder " + purpose));

    /// <summary>Seals a value for a purpose; the purpose is authenticated with it.</summary>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> value, Entropy entropy)
    {
        var box = new byte[NonceBytes + MacBytes + value.Length];
        entropy.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(Derive(purpose), MacBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), value, box.AsSpan(NonceBytes + MacBytes), box.AsSpan(NonceBytes, MacBytes));
        return box;
    }

    /// <summary>Opens a value that <see cref="Seal"/> sealed.</summary>
    /// <returns>The value; null when it was sealed under another key or purpose, or was altered.</returns>
    public byte[]? Open(string purpose, ReadOnlySpan<byte> box)
    {
        if (box.Length < NonceBytes + MacBytes)
            return null;
        var value = new byte[box.Length - NonceBytes - MacBytes];
        using var aes = new AesGcm(Derive(purpose), MacBytes);
        try
        {
            aes.Decrypt(box[..NonceBytes], box[(NonceBytes + MacBytes)..], box.Slice(NonceBytes, MacBytes), value);
            return value;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
