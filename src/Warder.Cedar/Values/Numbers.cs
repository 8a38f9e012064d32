namespace Warder.Cedar.Values;

/// <summary>Digits, as literals and escapes have them: ASCII, and nothing else.</summary>
internal static class Numbers
{
    /// <summary>One digit or more, however many lead with 0, of a number of 64 bits without a sign.</summary>
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

    /// <summary>One to four hexadecimal digits. (The class library's own reading lets zero characters stand behind them.)</summary>
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

    /// <summary>The signed number with this magnitude, if 64 bits hold it.</summary>
    public static bool TryToLong(UInt128 magnitude, bool isNegative, out long value)
    {
        var most = isNegative ? (UInt128)long.MaxValue + 1 : (UInt128)long.MaxValue;
        value = magnitude > most ? 0 : isNegative ? (long)-(Int128)magnitude : (long)magnitude;
        return magnitude <= most;
    }
}
