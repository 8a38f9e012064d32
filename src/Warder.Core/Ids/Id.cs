using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Warder.Core.Secrets;
using Warder.Core.Time;

namespace Warder.Core.Ids;

/// <summary>
/// Makes and reads ids. An id is a prefix that names its kind, and 26 characters of Crockford base32 of a UUIDv7 (RFC 9562, section 5.7).
/// Ids sort by creation time. They are not secret.
/// </summary>
public static class Id
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static ReadOnlySpan<byte> Digits => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"u8;

    /// <summary>Characters after the prefix.</summary>
    public const int BodyLength = 26;

    private static readonly string[] Prefixes = CreatePrefixes();
    private static readonly sbyte[] Values = CreateValues();

    /// <summary>The prefix of ids of this kind, with the underscore.</summary>
    public static string Prefix(IdKind kind) => Prefixes[(int)kind];

    /// <summary>
    /// Makes a new id. Ids of different milliseconds sort by time; ids of one millisecond, or from before 1970, have no order.
    /// </summary>
    public static string New(IdKind kind, Instant now, Entropy entropy)
    {
        // UUIDv7 has 48 bits for the time: until the year 10889, and nothing before 1970.
        var milliseconds = Math.Clamp(now.UnixMilliseconds, 0, (1L << 48) - 1);
        Span<byte> bytes = stackalloc byte[16];
        entropy.Fill(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes, (int)(milliseconds >> 16));
        BinaryPrimitives.WriteInt16BigEndian(bytes[4..], (short)milliseconds);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return Format(kind, BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>
    /// Derives an id from a name (UUIDv8: RFC 9562, section 5.8). Equal names give equal ids. The id does not reveal the name, and does not
    /// sort by time.
    /// </summary>
    public static string Of(IdKind kind, string name)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), digest);
        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return Format(kind, BinaryPrimitives.ReadUInt128BigEndian(digest));
    }

    /// <summary>Formats an id as text.</summary>
    public static string Format(IdKind kind, UInt128 body)
    {
        var prefix = Prefixes[(int)kind];
        return string.Create(prefix.Length + BodyLength, (prefix, body), static (span, state) =>
        {
            Span<byte> digits = stackalloc byte[BodyLength];
            Write(state.body, digits);
            state.prefix.CopyTo(span);
            for (var i = 0; i < BodyLength; i++)
                span[state.prefix.Length + i] = (char)digits[i];
        });
    }

    /// <summary>Writes the id's text as bytes.</summary>
    /// <returns>The number of bytes.</returns>
    public static int Format(IdKind kind, UInt128 body, Span<byte> destination)
    {
        var prefix = Prefixes[(int)kind];
        for (var i = 0; i < prefix.Length; i++)
            destination[i] = (byte)prefix[i];
        Write(body, destination.Slice(prefix.Length, BodyLength));
        return prefix.Length + BodyLength;
    }

    // Two words, since 26 shifts of 128 bits are slow. The lower word gives 12 digits, both words give one, and the upper word gives 13.
    private static void Write(UInt128 body, Span<byte> digits)
    {
        var (low, high) = ((ulong)body, (ulong)(body >> 64));
        var alphabet = Digits;
        for (var i = 25; i >= 14; i--, low >>= 5)
            digits[i] = alphabet[(int)(low & 31)];
        digits[13] = alphabet[(int)((low | (high << 4)) & 31)];
        high >>= 1;
        for (var i = 12; i >= 0; i--, high >>= 5)
            digits[i] = alphabet[(int)(high & 31)];
    }

    /// <summary>Reads an id of one kind. Refuses any other text, and ids of other kinds.</summary>
    public static bool TryParse(IdKind kind, [NotNullWhen(true)] string? text, out UInt128 body)
    {
        body = 0;
        var prefix = Prefixes[(int)kind];
        if (text is null || text.Length != prefix.Length + BodyLength || !text.StartsWith(prefix, StringComparison.Ordinal))
            return false;
        // 26 characters hold 130 bits: a first one over 7 would be a second spelling of another id.
        if (text[prefix.Length] > '7')
            return false;
        var read = UInt128.Zero;
        for (var i = prefix.Length; i < text.Length; i++)
        {
            var value = text[i] < 128 ? Values[text[i]] : (sbyte)-1;
            if (value < 0)
                return false;
            read = (read << 5) | (uint)value;
        }

        body = read;
        return true;
    }

    /// <summary>Reads the text of a valid id.</summary>
    /// <exception cref="FormatException">The text is not a valid id of this kind.</exception>
    public static UInt128 Parse(IdKind kind, string text)
        => TryParse(kind, text, out var body) ? body : throw new FormatException($"Not an id that begins with {Prefix(kind)}.");

    /// <summary>Whether the text is an id of this kind.</summary>
    public static bool Is(IdKind kind, [NotNullWhen(true)] string? text) => TryParse(kind, text, out _);

    private static string[] CreatePrefixes()
    {
        var table = new Dictionary<IdKind, string>
        {
            [IdKind.Environment] = "environment_",
            [IdKind.Organization] = "org_",
            [IdKind.OrganizationDomain] = "org_domain_",
            [IdKind.User] = "user_",
            [IdKind.Membership] = "om_",
            [IdKind.Permission] = "perm_",
            [IdKind.Role] = "role_",
            [IdKind.ApiKey] = "api_key_",
            [IdKind.Secret] = "secret_",
            [IdKind.ManagementKey] = "management_key_",
            [IdKind.Event] = "event_",
            [IdKind.Request] = "req_",
            [IdKind.Node] = "node_",
            [IdKind.Replica] = "replica_",
            [IdKind.Receipt] = "rcpt_",
        };
        return [.. Enum.GetValues<IdKind>().Select(kind => table[kind])];
    }

    private static sbyte[] CreateValues()
    {
        var values = new sbyte[128];
        Array.Fill(values, (sbyte)-1);
        for (var i = 0; i < Alphabet.Length; i++)
            values[Alphabet[i]] = (sbyte)i;
        return values;
    }
}
