namespace Warder.Cedar.Values;

/// <summary>Digits, as the literals of the extension types have them: ASCII, and nothing else.</summary>
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

    /// <summary>The signed number with this magnitude, if 64 bits hold it.</summary>
    public static bool TryToLong(UInt128 magnitude, bool isNegative, out long value)
    {
        var most = isNegative ? (UInt128)long.MaxValue + 1 : (UInt128)long.MaxValue;
        value = magnitude > most ? 0 : isNegative ? (long)-(Int128)magnitude : (long)magnitude;
        return magnitude <= most;
    }
}
