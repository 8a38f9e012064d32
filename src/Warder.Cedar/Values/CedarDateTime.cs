using System.Globalization;

namespace Warder.Cedar.Values;

/// <summary>
/// A point in time in milliseconds since 1970-01-01T00:00:00Z, negative before it: the result of <c>datetime("…")</c>. Literals cover the
/// years 0 to 9999; offsets cover the range of a 64-bit integer. (Cedar documentation: "datetime and duration".)
/// </summary>
/// <param name="UnixMilliseconds">Milliseconds since 1970-01-01T00:00:00Z.</param>
public readonly record struct CedarDateTime(long UnixMilliseconds) : IComparable<CedarDateTime>
{
    private const long Day = 86_400_000;

    /// <summary>Whether the left point in time is before the right one.</summary>
    public static bool operator <(CedarDateTime left, CedarDateTime right) => left.UnixMilliseconds < right.UnixMilliseconds;

    /// <summary>Whether the left point in time is before or equal to the right one.</summary>
    public static bool operator <=(CedarDateTime left, CedarDateTime right) => left.UnixMilliseconds <= right.UnixMilliseconds;

    /// <summary>Whether the left point in time is after the right one.</summary>
    public static bool operator >(CedarDateTime left, CedarDateTime right) => left.UnixMilliseconds > right.UnixMilliseconds;

    /// <summary>Whether the left point in time is after or equal to the right one.</summary>
    public static bool operator >=(CedarDateTime left, CedarDateTime right) => left.UnixMilliseconds >= right.UnixMilliseconds;

    /// <summary>Converts a <see cref="DateTimeOffset"/>.</summary>
    public static CedarDateTime From(DateTimeOffset moment) => new(moment.ToUnixTimeMilliseconds());

    /// <summary>
    /// Parses <c>YYYY-MM-DD</c>, optionally followed by <c>Thh:mm:ss</c>, an optional fraction <c>.SSS</c>, and a zone: <c>Z</c>,
    /// <c>+hhmm</c> or <c>-hhmm</c>. The date must exist. Leap seconds are not valid.
    /// </summary>
    /// <returns>Whether the text is a valid datetime.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out CedarDateTime value)
    {
        value = default;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-' || !Number(text[..4], out var year) || !Number(text[5..7], out var month)
            || !Number(text[8..10], out var day) || month is < 1 or > 12 || day < 1 || day > DaysIn(year, month))
            return false;
        var (time, offset) = (0L, 0L);
        if (text.Length > 10 && (!TryParseTime(text[10..], out time, out var rest) || !TryParseOffset(rest, ref time, out offset)))
            return false;
        value = new CedarDateTime((DaysSince1970(year, month, day) * Day) + time - offset);
        return true;
    }

    /// <summary>Adds a duration.</summary>
    /// <returns>The sum; null when it exceeds 64 bits.</returns>
    public CedarDateTime? Offset(CedarDuration by)
        => ((UnixMilliseconds ^ (UnixMilliseconds + by.Milliseconds)) & (by.Milliseconds ^ (UnixMilliseconds + by.Milliseconds))) < 0
            ? null
            : new CedarDateTime(UnixMilliseconds + by.Milliseconds);

    /// <summary>Subtracts another point in time.</summary>
    /// <returns>The difference; null when it exceeds 64 bits.</returns>
    public CedarDuration? DurationSince(CedarDateTime other)
        => ((UnixMilliseconds ^ other.UnixMilliseconds) & (UnixMilliseconds ^ (UnixMilliseconds - other.UnixMilliseconds))) < 0
            ? null
            : new CedarDuration(UnixMilliseconds - other.UnixMilliseconds);

    /// <summary>Computes the start of the day in UTC.</summary>
    /// <returns>The start of the day; null when it exceeds 64 bits.</returns>
    public CedarDateTime? ToDate() => Offset(new CedarDuration(-ToTime().Milliseconds));

    /// <summary>Computes the time since the start of the day in UTC.</summary>
    public CedarDuration ToTime() => new(((UnixMilliseconds % Day) + Day) % Day);

    /// <inheritdoc/>
    public int CompareTo(CedarDateTime other) => UnixMilliseconds.CompareTo(other.UnixMilliseconds);

    /// <summary>Formats the value as a <c>datetime</c> literal in the years 1 to 9999, and otherwise in milliseconds.</summary>
    public override string ToString()
        => UnixMilliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            && UnixMilliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : $"{UnixMilliseconds}ms";

    private static bool TryParseTime(ReadOnlySpan<char> text, out long milliseconds, out ReadOnlySpan<char> rest)
    {
        milliseconds = 0;
        rest = default;
        if (text.Length < 9 || text[0] != 'T' || text[3] != ':' || text[6] != ':' || !Number(text[1..3], out var hour)
            || !Number(text[4..6], out var minute) || !Number(text[7..9], out var second) || hour > 23 || minute > 59 || second > 59)
            return false;
        milliseconds = ((((hour * 60L) + minute) * 60) + second) * 1000;
        rest = text[9..];
        return true;
    }

    private static bool TryParseOffset(ReadOnlySpan<char> text, ref long milliseconds, out long offset)
    {
        offset = 0;
        if (text.StartsWith("."))
        {
            if (text.Length < 4 || !Number(text[1..4], out var fraction))
                return false;
            milliseconds += fraction;
            text = text[4..];
        }

        if (text is "Z")
            return true;
        if (text.Length != 5 || text[0] is not ('+' or '-') || !Number(text[1..3], out var hours) || !Number(text[3..5], out var minutes)
            || hours > 23 || minutes > 59)
            return false;
        offset = ((hours * 60L) + minutes) * 60_000 * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool Number(ReadOnlySpan<char> digits, out int value)
    {
        var isNumber = Numbers.TryParseDigits(digits, out var number);
        value = (int)number;
        return isNumber;
    }

    // .NET has no year 0. In the proleptic Gregorian calendar the year 0 is a leap year.
    private static int DaysIn(int year, int month)
        => year == 0 ? System.DateTime.DaysInMonth(4, month) : System.DateTime.DaysInMonth(year, month);

    private static long DaysSince1970(int year, int month, int day)
        => year == 0
            ? DaysSince1970(400, month, day) - 146_097
            : (new System.DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) - System.DateTime.UnixEpoch).Days;
}
