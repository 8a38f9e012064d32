namespace Warder.Cedar.Values;

/// <summary>
/// A duration in milliseconds, which may be negative: the result of <c>duration("…")</c>. (Cedar documentation: "datetime and duration".)
/// </summary>
/// <param name="Milliseconds">The duration in milliseconds.</param>
public readonly record struct CedarDuration(long Milliseconds) : IComparable<CedarDuration>
{
    // The units are in the order of a literal.
    private static readonly (string Unit, long Milliseconds)[] Units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>Whether the left duration is shorter than the right one.</summary>
    public static bool operator <(CedarDuration left, CedarDuration right) => left.Milliseconds < right.Milliseconds;

    /// <summary>Whether the left duration is shorter than or equal to the right one.</summary>
    public static bool operator <=(CedarDuration left, CedarDuration right) => left.Milliseconds <= right.Milliseconds;

    /// <summary>Whether the left duration is longer than the right one.</summary>
    public static bool operator >(CedarDuration left, CedarDuration right) => left.Milliseconds > right.Milliseconds;

    /// <summary>Whether the left duration is longer than or equal to the right one.</summary>
    public static bool operator >=(CedarDuration left, CedarDuration right) => left.Milliseconds >= right.Milliseconds;

    /// <summary>Parses <c>-?[nd][nh][nm][ns][nms]</c>: at least one quantity, each unit at most once and in this order.</summary>
    /// <returns>Whether the text is a valid duration.</returns>
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

    /// <summary>Formats the duration as the argument of <c>duration</c>: <c>1500ms</c>.</summary>
    public override string ToString() => $"{Milliseconds}ms";

    // The unit must end the text or precede a digit: `m` must not match `ms`.
    private static bool IsUnit(ReadOnlySpan<char> text, string unit)
        => text.StartsWith(unit) && (text.Length == unit.Length || char.IsAsciiDigit(text[unit.Length]));
}
