namespace Warder.Cedar.Values;

/// <summary>Parses the digits of literals and escapes. Only ASCII digits are valid.</summary>
internal static class Numbers
{
    /// <summary>Parses one or more decimal digits as an unsigned 64-bit number. Any number of leading zeros is valid.</summary>
    public static bool TryParseDigits(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        if (text.IsEmpty)
            return false;
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character) || value > ulong.MaxValue / 10)
                return false;
            value *= 10;
            var digit = (ulong)(character - '0');
            if (value > ulong.MaxValue - digit)
                return false;
            value += digit;
        }

        return true;
    }

    /// <summary>Parses one to four hexadecimal digits. (The parser of .NET also accepts trailing NUL characters.)</summary>
    public static bool TryParseHexadecimal(ReadOnlySpan<char> text, out ushort value)
    {
        value = 0;
        if (text.Length is 0 or > 4)
            return false;
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigit(character))
                return false;
            value = (ushort)((value << 4) | (char.IsAsciiDigit(character) ? character - '0' : (character | 0x20) - 'a' + 10));
        }

        return true;
    }

    /// <summary>Computes the signed number with this magnitude. Returns false when it exceeds 64 bits.</summary>
    public static bool TryToLong(UInt128 magnitude, bool isNegative, out long value)
    {
        var most = isNegative ? (UInt128)long.MaxValue + 1 : (UInt128)long.MaxValue;
        value = magnitude > most ? 0 : isNegative ? (long)-(Int128)magnitude : (long)magnitude;
        return magnitude <= most;
    }
}
