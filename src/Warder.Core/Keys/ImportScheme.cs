using System.Collections.Immutable;
using System.Globalization;

namespace Warder.Core.Keys;

/// <summary>The alphabet of the random part of an imported key.</summary>
public enum SchemeAlphabet
{
    /// <summary><c>0-9a-f</c> or <c>0-9A-F</c>: 4 bits a character.</summary>
    Hex = 0,

    /// <summary>RFC 4648 base32, either case: 5 bits a character.</summary>
    Base32 = 1,

    /// <summary><c>0-9A-Za-z</c>: 5.95 bits a character.</summary>
    Base62 = 2,

    /// <summary>RFC 4648 base64url without padding: 6 bits a character.</summary>
    Base64Url = 3,
}

/// <summary>
/// The layout of keys that another system issued. A value without Warder's own layout is looked up only when it fits a scheme of its
/// environment. Any other value is malformed.
/// </summary>
/// <param name="Prefix">The prefix of the values, with its separator: 1–32 of <c>A-Za-z0-9_-.</c></param>
/// <param name="Length">The number of characters after the prefix.</param>
/// <param name="Alphabet">The alphabet of these characters.</param>
public sealed record ImportScheme(string Prefix, int Length, SchemeAlphabet Alphabet)
{
    /// <summary>The fewest random bits. With fewer, trying values could find the value of a digest.</summary>
    public const int MinimumBits = 112;

    /// <summary>The names of the alphabets, by their numbers.</summary>
    public static ImmutableArray<string> Alphabets { get; } = ["hex", "base32", "base62", "base64url"];

    /// <summary>The scheme's id in its environment: <c>base62:32:old_</c>.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Alphabets[(int)Alphabet]}:{Length}:{Prefix}");

    /// <summary>
    /// Whether a token of Warder's own format with this prefix could fit the scheme too. Such a scheme would have mistyped tokens looked up
    /// that their checksum refuses. The checksum itself is left out of account.
    /// </summary>
    public bool Overlaps(string tokenPrefix)
    {
        // The token: its prefix, an underscore, and a body of base62.
        var bodyAt = tokenPrefix.Length + 1;
        if (Prefix.Length + Length != bodyAt + TokenFormat.BodyLength)
            return false;
        for (var i = 0; i < Prefix.Length + Length; i++)
        {
            char? token = i < tokenPrefix.Length ? tokenPrefix[i] : i < bodyAt ? '_' : null;
            var meet = i < Prefix.Length
                ? token is { } fixedInBoth ? Prefix[i] == fixedInBoth : char.IsAsciiLetterOrDigit(Prefix[i])
                : token is not { } fixedInToken || Holds((byte)fixedInToken);
            if (!meet)
                return false;
        }

        return true;
    }

    /// <summary>The bits of entropy that a uniformly random value has.</summary>
    public double Bits => Length * Alphabet switch
    {
        SchemeAlphabet.Hex => 4.0,
        SchemeAlphabet.Base32 => 5.0,
        SchemeAlphabet.Base62 => Math.Log2(62),
        _ => 6.0,
    };

    /// <summary>Whether a value fits the scheme.</summary>
    public bool Fits(ReadOnlySpan<byte> value)
    {
        if (value.Length != Prefix.Length + Length)
            return false;
        for (var i = 0; i < Prefix.Length; i++)
        {
            if (value[i] != Prefix[i])
                return false;
        }

        foreach (var character in value[Prefix.Length..])
        {
            if (!Holds(character))
                return false;
        }

        return true;
    }

    private bool Holds(byte c) => Alphabet switch
    {
        SchemeAlphabet.Hex => char.IsAsciiHexDigit((char)c),
        SchemeAlphabet.Base32 => char.IsAsciiLetter((char)c) || c is >= (byte)'2' and <= (byte)'7',
        SchemeAlphabet.Base62 => char.IsAsciiLetterOrDigit((char)c),
        _ => char.IsAsciiLetterOrDigit((char)c) || c is (byte)'-' or (byte)'_',
    };
}
