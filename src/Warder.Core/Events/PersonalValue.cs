using System.Security.Cryptography;
using System.Text;
using Warder.Core.Secrets;

namespace Warder.Core.Events;

/// <summary>
/// A name, an e-mail or an address in an event. The value stands beside the event, and the event's bytes hold only its salted digest. An
/// erasure can therefore remove the value without breaking the chain.
/// </summary>
/// <param name="Digest">SHA-256 of salt and value, in lower-case hex. The event's bytes hold it.</param>
/// <param name="SubjectId">The user that the value concerns; null when no user is known.</param>
/// <param name="Salt">16 random bytes. They prevent a check of a guessed value against the digest.</param>
/// <param name="Value">The value itself.</param>
public sealed record PersonalValue(string Digest, string? SubjectId, byte[] Salt, string Value)
{
    /// <summary>The one member of the object that stands in an event's bytes for a personal value.</summary>
    public const string Member = "personal_sha256";

    /// <summary>The beginning of that object, up to the digest.</summary>
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
