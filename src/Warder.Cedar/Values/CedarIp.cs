using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Warder.Cedar.Values;

/// <summary>
/// An IP address with a prefix length; a prefix shorter than the address makes it a range. The result of <c>ip("…")</c>. Two values are
/// equal only when address and prefix length are equal, even if both describe the same range. (Cedar documentation: "ipaddr".)
/// </summary>
public sealed class CedarIp : IEquatable<CedarIp>
{
    private readonly UInt128 _address;

    private CedarIp(UInt128 address, bool isV4, byte prefix) => (_address, IsIpv4, PrefixLength) = (address, isV4, prefix);

    /// <summary><c>0.0.0.0</c></summary>
    internal static CedarIp None { get; } = new(0, true, 32);

    /// <summary>Whether the address is IPv4, with 32 bits.</summary>
    public bool IsIpv4 { get; }

    /// <summary>Whether the address is IPv6, with 128 bits. This includes an IPv4-mapped address.</summary>
    public bool IsIpv6 => !IsIpv4;

    /// <summary>The prefix length: the number of leading bits that all addresses of the range share.</summary>
    public byte PrefixLength { get; }

    /// <summary>Whether the whole range is within <c>127.0.0.0/8</c>, or the address is <c>::1</c>.</summary>
    public bool IsLoopback => IsIpv4 ? PrefixLength >= 8 && _address >> 24 == 127 : PrefixLength == 128 && _address == UInt128.One;

    /// <summary>Whether the whole range is within <c>224.0.0.0/4</c> or <c>ff00::/8</c>.</summary>
    public bool IsMulticast => IsIpv4 ? PrefixLength >= 4 && _address >> 28 == 14 : PrefixLength >= 8 && _address >> 120 == 0xff;

    private int Bits => IsIpv4 ? 32 : 128;

    /// <summary>
    /// Parses an IPv4 or IPv6 address with an optional prefix length <c>/n</c>. Decimal numbers have no leading zeros. An IPv6 address
    /// must not contain IPv4 notation.
    /// </summary>
    /// <returns>Whether the text is a valid address or range.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out CedarIp? value)
    {
        value = null;
        var slash = text.IndexOf('/');
        var address = slash < 0 ? text : text[..slash];
        var isV4 = !address.Contains(':');
        if (!(isV4 ? TryParseV4(address, out var bits) : TryParseV6(address, out bits)))
            return false;
        var most = isV4 ? 32 : 128;
        var prefix = most;
        if (slash >= 0 && (!TryParseShort(text[(slash + 1)..], out prefix) || prefix > most))
            return false;
        value = new CedarIp(bits, isV4, (byte)prefix);
        return true;
    }

    /// <summary>Converts a single address. The scope id of an IPv6 address is dropped.</summary>
    public static CedarIp From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var bits = UInt128.Zero;
        foreach (var part in bytes[..length])
            bits = (bits << 8) | part;
        return new CedarIp(bits, length == 4, (byte)(length * 8));
    }

    /// <summary>Whether the whole range is within another range. Ranges of different IP versions never contain each other.</summary>
    public bool IsInRange(CedarIp other)
        => IsIpv4 == other.IsIpv4 && PrefixLength >= other.PrefixLength
            && Network(_address, other.PrefixLength) == Network(other._address, other.PrefixLength);

    /// <inheritdoc/>
    public bool Equals(CedarIp? other)
        => other is not null && IsIpv4 == other.IsIpv4 && PrefixLength == other.PrefixLength && _address == other._address;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CedarIp);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // The hash must use the per-process key, as for other values: collisions of UInt128's own hash can be computed in advance.
        Span<char> units = stackalloc char[9];
        for (var i = 0; i < 8; i++)
            units[i] = (char)(ushort)(_address >> (16 * i));
        units[8] = (char)((PrefixLength << 1) | (IsIpv4 ? 1 : 0));
        return string.GetHashCode(units, StringComparison.Ordinal);
    }

    /// <summary>Formats the value as the argument of <c>ip</c>: <c>10.0.0.0/8</c>. A full prefix length is omitted.</summary>
    public override string ToString()
    {
        var bytes = new byte[Bits / 8];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(_address >> (8 * (bytes.Length - 1 - i)));

        // .NET formats some IPv6 addresses with IPv4 notation, which `ip` does not accept.
        var address = new IPAddress(bytes).ToString();
        if (IsIpv6 && address.Contains('.', StringComparison.Ordinal))
            address = string.Join(
                ':', bytes.Chunk(2).Select(pair => ((pair[0] << 8) | pair[1]).ToString("x", CultureInfo.InvariantCulture)));
        return PrefixLength == Bits ? address : $"{address}/{PrefixLength}";
    }

    private UInt128 Network(UInt128 address, int prefix) => prefix == 0 ? 0 : address >> (Bits - prefix);

    private static bool TryParseV4(ReadOnlySpan<char> text, out UInt128 bits)
    {
        bits = 0;
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            if (++parts > 4 || !TryParseShort(text[range], out var part) || part > 255)
                return false;
            bits = (bits << 8) | (UInt128)part;
        }

        return parts == 4;
    }

    private static bool TryParseV6(ReadOnlySpan<char> text, out UInt128 bits)
    {
        bits = 0;
        var gap = text.IndexOf("::");
        if (gap < 0)
            return TryParseGroups(text, out bits, out var all) && all == 8;
        var front = text[..gap];
        var back = text[(gap + 2)..];
        if (!TryParseGroups(front, out var high, out var before) || !TryParseGroups(back, out var low, out var after) || before + after > 7)
            return false;
        bits = before == 0 ? low : (high << (16 * (8 - before))) | low;
        return true;
    }

    private static bool TryParseGroups(ReadOnlySpan<char> text, out UInt128 bits, out int count)
    {
        (bits, count) = (0, 0);
        if (text.IsEmpty)
            return true;
        foreach (var range in text.Split(':'))
        {
            var group = text[range];
            if (++count > 8 || !Numbers.TryParseHexadecimal(group, out var part))
                return false;
            bits = (bits << 16) | part;
        }

        return true;
    }

    // Parses one to three digits without a leading zero.
    private static bool TryParseShort(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        if (text.Length == 0 || text.Length > 3 || (text.Length > 1 && text[0] == '0') || !Numbers.TryParseDigits(text, out var number))
            return false;
        value = (int)number;
        return true;
    }
}
