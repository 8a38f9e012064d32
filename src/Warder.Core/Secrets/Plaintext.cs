using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Warder.Core.Secrets;

/// <summary>
/// A bearer secret in the clear. It prints as <c>[redacted]</c>, has no public property that a serializer could pick up,
/// and compares in constant time. What leaves it does so through <see cref="Reveal"/>, which is easy to search for.
/// </summary>
[DebuggerDisplay("[redacted]")]
public sealed class Plaintext : IEquatable<Plaintext>
{
    private readonly string value;

    /// <summary>Wraps a secret.</summary>
    public Plaintext(string value) => this.value = value;

    /// <summary>The secret itself: for the one answer that shows it, and for the wire.</summary>
    public string Reveal() => value;

    /// <summary>SHA-256 of the secret's UTF-8 bytes: what the store knows it by.</summary>
    public byte[] Digest()
    {
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Math.Min(value.Length, 512))];
        var bytes = value.Length <= 512 ? utf8[..Encoding.UTF8.GetBytes(value, utf8)] : Encoding.UTF8.GetBytes(value);
        var digest = SHA256.HashData(bytes);
        CryptographicOperations.ZeroMemory(utf8);
        return digest;
    }

    /// <inheritdoc/>
    public bool Equals(Plaintext? other)
        => other is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(other.value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Plaintext);

    /// <summary>Constant: a hash of a secret would be a place to read it from.</summary>
    public override int GetHashCode() => 0;

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
