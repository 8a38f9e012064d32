using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Warder.Core.Secrets;

namespace Warder.Core.Keys;

/// <summary>
/// The layout of tokens: <c>prefix_</c>, 30 random base62 characters, and 6 characters with the CRC-32 of those 30. Secret scanners
/// recognize this layout. A mistyped token is refused without a look-up.
/// </summary>
/// <remarks>
/// The base62 alphabet is <c>0-9A-Za-z</c>; the checksum is padded on the left with <c>0</c>. It covers the random part only, so
/// one random part is well-formed under every prefix. 30 characters carry 178 bits.
/// </remarks>
public static class TokenFormat
{
    /// <summary>Characters of randomness.</summary>
    public const int RandomLength = 30;

    /// <summary>Characters of checksum, the last of the token.</summary>
    public const int ChecksumLength = 6;

    /// <summary>The longest prefix, the underscore after it not counted.</summary>
    public const int MaximumPrefixLength = 32;

    /// <summary>Characters after the underscore.</summary>
    internal const int BodyLength = RandomLength + ChecksumLength;

    private const int RevealedLength = 4;

    // The largest multiple of 62 that fits in a byte. Bytes at or over it are drawn again; otherwise some digits would be likelier.
    private const int Unbiased = 62 * 4;

    // A draw loses one byte in 32, and half of its bytes suffice; this many failed draws mean that the generator is broken.
    private const int MaximumDraws = 16;

    private static readonly SearchValues<byte> Base62 = SearchValues.Create(Digits);

    private static ReadOnlySpan<byte> Digits => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8;

    /// <summary>Whether a text is a valid prefix: <c>[a-z][a-z0-9_]{0,31}</c>.</summary>
    public static bool IsPrefix([NotNullWhen(true)] string? text)
    {
        if (text is null || text.Length is 0 or > MaximumPrefixLength || !char.IsAsciiLetterLower(text[0]))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_')
                return false;
        }

        return true;
    }

    /// <summary>A new token.</summary>
    /// <exception cref="ArgumentException">The prefix is not valid.</exception>
    /// <exception cref="CryptographicException">The generator gives nothing usable.</exception>
    public static SecretString Issue(string prefix, Entropy entropy)
    {
        if (!IsPrefix(prefix))
            throw new ArgumentException("A prefix is a lower-case letter and up to 31 of a-z, 0-9 and _.", nameof(prefix));
        Span<byte> body = stackalloc byte[BodyLength];
        FillRandom(body[..RandomLength], entropy);
        WriteChecksum(body[..RandomLength], body[RandomLength..]);
        var token = string.Create(prefix.Length + 1 + BodyLength, new Parts(prefix, body), static (text, parts) =>
        {
            parts.Prefix.CopyTo(text);
            text[parts.Prefix.Length] = '_';
            for (var i = 0; i < BodyLength; i++)
                text[parts.Prefix.Length + 1 + i] = (char)parts.Body[i];
        });
        CryptographicOperations.ZeroMemory(body);
        return new SecretString(token);
    }

    /// <summary>
    /// Checks that the bytes are a well-formed token: the prefix's grammar, the alphabet, the length and the checksum. Accepts any bytes as
    /// input, and allocates nothing. A well-formed token need not be an issued one.
    /// </summary>
    /// <param name="token">The token's bytes.</param>
    /// <param name="prefix">The part before the last underscore; empty when the token is malformed.</param>
    public static bool TrySplit(ReadOnlySpan<byte> token, out ReadOnlySpan<byte> prefix)
    {
        prefix = default;
        // The body's alphabet has no underscore, so the one before a good body is the last.
        var underscore = token.Length - BodyLength - 1;
        if (underscore is < 1 or > MaximumPrefixLength || token[underscore] != '_' || !IsPrefix(token[..underscore]))
            return false;
        var random = token.Slice(underscore + 1, RandomLength);
        if (random.ContainsAnyExcept(Base62))
            return false;
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        WriteChecksum(random, checksum);
        if (!token[^ChecksumLength..].SequenceEqual(checksum))
            return false;
        prefix = token[..underscore];
        return true;
    }

    /// <summary>
    /// Makes the obfuscated value of a token, which may be shown as long as its key is listed: <c>prefix_...last4</c>. The last four
    /// characters are part of the checksum. In another layout the place of the secret part is unknown: the result is <c>...last4</c>, or
    /// <c>...</c> for a short token.
    /// </summary>
    public static string Obfuscate(SecretString token)
    {
        var text = token.Reveal();
        if (text.Length < BodyLength / 2)
            return "...";
        var last = text.AsSpan(text.Length - RevealedLength);
        var underscore = text.Length - BodyLength - 1;
        var ours = underscore > 0 && text[underscore] == '_' && IsPrefix(text[..underscore]);
        return ours ? $"{text.AsSpan(0, underscore)}_...{last}" : $"...{last}";
    }

    private static bool IsPrefix(ReadOnlySpan<byte> text)
    {
        if (text[0] is < (byte)'a' or > (byte)'z')
            return false;
        foreach (var b in text)
        {
            if (b is not ((>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9') or (byte)'_'))
                return false;
        }

        return true;
    }

    private static void FillRandom(Span<byte> digits, Entropy entropy)
    {
        Span<byte> drawn = stackalloc byte[2 * RandomLength];
        var filled = 0;
        for (var draws = 0; filled < digits.Length; draws++)
        {
            if (draws == MaximumDraws)
                throw new CryptographicException("The random generator gives nothing usable.");
            entropy.Fill(drawn);
            for (var i = 0; i < drawn.Length && filled < digits.Length; i++)
            {
                if (drawn[i] < Unbiased)
                    digits[filled++] = Digits[drawn[i] % 62];
            }
        }

        CryptographicOperations.ZeroMemory(drawn);
    }

    private static void WriteChecksum(ReadOnlySpan<byte> random, Span<byte> destination)
    {
        var rest = Crc32.Compute(random);
        for (var i = ChecksumLength - 1; i >= 0; i--, rest /= 62)
            destination[i] = Digits[(int)(rest % 62)];
    }

    private readonly ref struct Parts(string prefix, ReadOnlySpan<byte> body)
    {
        public readonly string Prefix = prefix;
        public readonly ReadOnlySpan<byte> Body = body;
    }
}
