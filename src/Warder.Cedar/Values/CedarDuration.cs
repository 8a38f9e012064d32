namespace Warder.Cedar.Values;

/// <summary>
/// A length of time in milliseconds, also below zero: what <c>duration("…")</c> makes. (Cedar documentation: "datetime and duration".)
/// </summary>
/// <param name="Milliseconds">All of it.</param>
public readonly record struct CedarDuration(long Milliseconds) : IComparable<CedarDuration>
{
    // In the order in which a literal has them.
    private static readonly (string Unit, long Milliseconds)[] Units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>Whether one is less than another.</summary>
    public static bool operator <(CedarDuration left, CedarDuration right) => left.Milliseconds < right.Milliseconds;

    /// <summary>Whether one is at most another.</summary>
    public static bool operator <=(CedarDuration left, CedarDuration right) => left.Milliseconds <= right.Milliseconds;

    /// <summary>Whether one is more than another.</summary>
    public static bool operator >(CedarDuration left, CedarDuration right) => left.Milliseconds > right.Milliseconds;

    /// <summary>Whether one is at least another.</summary>
    public static bool operator >=(CedarDuration left, CedarDuration right) => left.Milliseconds >= right.Milliseconds;

    /// <summary>Reads <c>-?[nd][nh][nm][ns][nms]</c>: at least one quantity, each unit at most once and in this order.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CedarDuration value)
    {
        value = default;
        var isNegative = text.StartsWith("-");
        if (isNegative)
            text = text[1..];
        if (text.IsEmpty)
            return false;
        var (next, sum) = (0, UInt128.Zero);
        while (!text.IsEmpty)
        {
            var end = text.IndexOfAnyExceptInRange('0', '9');
            if (end < 1 || !Numbers.TryParseDigits(text[..end], out var quantity))
                return false;
            text = text[end..];
            while (next < Units.Length && !IsUnit(text, Units[next].Unit))
                next++;
            if (next == Units.Length)
                return false;
            sum += (UInt128)quantity * (UInt128)Units[next].Milliseconds;
            text = text[Units[next++].Unit.Length..];
        }

        if (!Numbers.TryToLong(sum, isNegative, out var milliseconds))
            return false;
        value = new CedarDuration(milliseconds);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(CedarDuration other) => Milliseconds.CompareTo(other.Milliseconds);

    /// <summary>As <c>duration</c> takes it: <c>1500ms</c>.</summary>
    public override string ToString() => $"{Milliseconds}ms";

    // Minutes are no milliseconds.
    private static bool IsUnit(ReadOnlySpan<char> text, string unit)
        => text.StartsWith(unit) && (text.Length == unit.Length || char.IsAsciiDigit(text[unit.Length]));
}
