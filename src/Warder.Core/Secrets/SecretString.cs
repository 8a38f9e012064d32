using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Warder.Core.Secrets;

/// <summary>
/// Holds a bearer secret in the clear. It prints as <c>[redacted]</c>, compares in constant time, and cannot be serialized by
/// System.Text.Json. Only <see cref="Reveal"/> gives the secret, so that each use is easy to find.
/// </summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(NoJson))]
public sealed class SecretString : IEquatable<SecretString>
{
    private readonly string value;

    /// <summary>Wraps a secret.</summary>
    public SecretString(string value) => this.value = value;

    /// <summary>Gives the secret in the clear, for the one response that shows it and for the wire.</summary>
    public string Reveal() => value;

    /// <summary>Computes SHA-256 of the secret's UTF-8 bytes. The store identifies the secret by this digest.</summary>
    public byte[] Digest()
    {
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Math.Min(value.Length, 512))];
        var bytes = value.Length <= 512 ? utf8[..Encoding.UTF8.GetBytes(value, utf8)] : Encoding.UTF8.GetBytes(value);
        var digest = SHA256.HashData(bytes);
        CryptographicOperations.ZeroMemory(utf8);
        return digest;
    }

    /// <inheritdoc/>
    public bool Equals(SecretString? other)
        => other is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(other.value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SecretString);

    /// <summary>Returns a constant: a hash of the secret would leak it.</summary>
    public override int GetHashCode() => 0;

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    // Without this converter a serializer would write an empty object, and the mistake would surface only at the reader.
    private sealed class NoJson : JsonConverter<SecretString>
    {
        public override SecretString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => throw new NotSupportedException("A SecretString is not read from JSON: read a string, and wrap it.");

        public override void Write(Utf8JsonWriter writer, SecretString value, JsonSerializerOptions options)
            => throw new NotSupportedException(
                "A SecretString is not written to JSON: where the secret must be in it, write what Reveal() gives.");
    }
}
