using System.Security.Cryptography;
using System.Text;
using Warder.Core.Secrets;

namespace Warder.Core.Events;

/// <summary>
/// A name, an e-mail or an address in an event: kept beside the event, and committed in it by a salted digest, so that it can be erased
/// without breaking the chain.
/// </summary>
/// <param name="Digest">SHA-256 of salt and value, in lower-case hex: what the event's bytes hold.</param>
/// <param name="SubjectId">The user that it is about; null when it is about none that is known.</param>
/// <param name="Salt">16 random bytes, so that the digest of a guess tells nothing.</param>
/// <param name="Value">The value itself.</param>
public sealed record PersonalValue(string Digest, string? SubjectId, byte[] Salt, string Value)
{
    /// <summary>The one member of the object that stands in an event's bytes for a personal value.</summary>
    public const string Member = "personal_sha256";

    /// <summary>What that object begins with, up to the digest.</summary>
    public static ReadOnlySpan<byte> Marker => "{\"personal_sha256\":\""u8;

    /// <summary>Seals a value.</summary>
    public static PersonalValue Seal(string value, string? subjectId, Entropy entropy)
    {
        var salt = entropy.Bytes(16);
        return new PersonalValue(DigestOf(salt, value), subjectId, salt, value);
    }

    /// <summary>The digest of a salt and a value.</summary>
    public static string DigestOf(ReadOnlySpan<byte> salt, string value)
        => Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(value)]));
}
