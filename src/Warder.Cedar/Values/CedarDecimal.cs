using System.Globalization;

namespace Warder.Cedar.Values;

/// <summary>
/// A number with four decimal places between -922337203685477.5808 and 922337203685477.5807: the result of <c>decimal("…")</c>.
/// (Cedar documentation: "decimal".)
/// </summary>
/// <param name="TenThousandths">The number in ten-thousandths.</param>
public readonly record struct CedarDecimal(long TenThousandths) : IComparable<CedarDecimal>
{
    private const int Digits = 4;
    private const long One = 10_000;

    /// <summary>Whether the left number is less than the right one.</summary>
    public static bool operator <(CedarDecimal left, CedarDecimal right) => left.TenThousandths < right.TenThousandths;

    /// <summary>Whether the left number is less than or equal to the right one.</summary>
    public static bool operator <=(CedarDecimal left, CedarDecimal right) => left.TenThousandths <= right.TenThousandths;

    /// <summary>Whether the left number is greater than the right one.</summary>
    public static bool operator >(CedarDecimal left, CedarDecimal right) => left.TenThousandths > right.TenThousandths;

    /// <summary>Whether the left number is greater than or equal to the right one.</summary>
    public static bool operator >=(CedarDecimal left, CedarDecimal right) => left.TenThousandths >= right.TenThousandths;

    /// <summary>Parses <c>-?digits.digits</c>, with at least one digit before the point and one to four digits after it.</summary>
    /// <returns>Whether the text is a valid decimal.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out CedarDecimal value)
    {
        value = default;
        var isNegative = text.StartsWith("-");
        if (isNegative)
            text = text[1..];
        var point = text.IndexOf('.');
        if (point < 1)
            return false;
        var whole = text[..point];
        var fraction = text[(point + 1)..];
        if (fraction.Length is 0 or > Digits || !Numbers.TryParseDigits(whole, out var units)
            || !Numbers.TryParseDigits(fraction, out var part))
            return false;
        for (var i = fraction.Length; i < Digits; i++)
            part *= 10;
        var scaled = ((UInt128)units * (UInt128)One) + part;
        if (!Numbers.TryToLong(scaled, isNegative, out var number))
            return false;
        value = new CedarDecimal(number);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(CedarDecimal other) => TenThousandths.CompareTo(other.TenThousandths);

    /// <summary>Formats the number as the argument of <c>decimal</c>: <c>1.23</c>.</summary>
    public override string ToString()
    {
        var (whole, part) = UInt128.DivRem((UInt128)Int128.Abs(TenThousandths), (UInt128)One);
        var fraction = part.ToString("0000", CultureInfo.InvariantCulture).TrimEnd('0');
        return $"{(TenThousandths < 0 ? "-" : "")}{whole}.{(fraction.Length == 0 ? "0" : fraction)}";
    }
}
