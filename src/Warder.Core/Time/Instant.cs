using System.Buffers.Text;
using System.Text;

namespace Warder.Core.Time;

/// <summary>A point in time: UTC unix milliseconds, as stored; RFC 3339 with milliseconds and <c>Z</c> in JSON.</summary>
/// <param name="UnixMilliseconds">Milliseconds since 1970-01-01T00:00:00Z; may be negative. The years 0001 to 9999 can be written.</param>
public readonly record struct Instant(long UnixMilliseconds) : IComparable<Instant>
{
    /// <summary>The number of bytes that <see cref="Format"/> writes: <c>2026-01-15T12:00:00.000Z</c>.</summary>
    public const int FormattedLength = 24;

    /// <summary>The latest instant that RFC 3339 can write: the end of the year 9999.</summary>
    public static readonly Instant Max = new(253_402_300_799_999);

    private const long EarliestUnixMilliseconds = -62_135_596_800_000;

    /// <summary>The instant <paramref name="milliseconds"/> later; saturates at the ends of the years 0001 to 9999.</summary>
    public Instant PlusMilliseconds(long milliseconds)
        => new((long)Int128.Clamp((Int128)UnixMilliseconds + milliseconds, EarliestUnixMilliseconds, Max.UnixMilliseconds));

    /// <summary>The instant <paramref name="seconds"/> later; saturates at the ends of the years 0001 to 9999.</summary>
    public Instant PlusSeconds(long seconds)
    {
        // More than ten thousand years, so that no sum is changed by the bound and no product overflows.
        const long bound = 1_000_000_000_000;
        return PlusMilliseconds(Math.Clamp(seconds, -bound, bound) * 1000);
    }

    /// <summary>The earlier of two instants.</summary>
    public static Instant Min(Instant a, Instant b) => a.UnixMilliseconds <= b.UnixMilliseconds ? a : b;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => UnixMilliseconds.CompareTo(other.UnixMilliseconds);

    /// <summary>Compares by time.</summary>
    public static bool operator <(Instant a, Instant b) => a.UnixMilliseconds < b.UnixMilliseconds;

    /// <summary>Compares by time.</summary>
    public static bool operator >(Instant a, Instant b) => a.UnixMilliseconds > b.UnixMilliseconds;

    /// <summary>Compares by time.</summary>
    public static bool operator <=(Instant a, Instant b) => a.UnixMilliseconds <= b.UnixMilliseconds;

    /// <summary>Compares by time.</summary>
    public static bool operator >=(Instant a, Instant b) => a.UnixMilliseconds >= b.UnixMilliseconds;

    /// <summary>
    /// Reads an RFC 3339 date-time. An offset is required. Up to nine fractional digits are accepted, and the part finer than a millisecond
    /// is cut off. A leap second (23:59:60) is refused, since unix time cannot express it. Times outside the years 0001 to 9999 in UTC are
    /// refused.
    /// </summary>
    public static bool TryParse(string? text, out Instant instant)
    {
        instant = default;
        if (text is null || text.Length is < 20 or > 35 || !TryParseSeconds(text, out var milliseconds))
            return false;

        var at = 19;
        if (text[at] == '.')
        {
            var start = ++at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            if (at - start is 0 or > 9)
                return false;
            for (var (i, weight) = (start, 100); i < at; i++, weight /= 10)
                milliseconds += (text[i] - '0') * weight;
        }

        if (!TryParseOffset(text.AsSpan(at), out var offsetMinutes))
            return false;
        milliseconds -= offsetMinutes * 60_000;
        if (milliseconds < EarliestUnixMilliseconds || milliseconds > Max.UnixMilliseconds)
            return false;
        instant = new Instant(milliseconds);
        return true;
    }

    /// <summary>Writes <see cref="FormattedLength"/> bytes of RFC 3339.</summary>
    /// <exception cref="ArgumentException">The destination is too short, or the instant outside the years 0001 to 9999.</exception>
    public void Format(Span<byte> destination)
    {
        if (destination.Length < FormattedLength)
            throw new ArgumentException("An instant needs 24 bytes.", nameof(destination));
        // "O" writes seven fractional digits and then Z: three are kept.
        Span<byte> written = stackalloc byte[28];
        var time = DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);
        Utf8Formatter.TryFormat(time.UtcDateTime, written, out _, new System.Buffers.StandardFormat('O'));
        written[..(FormattedLength - 1)].CopyTo(destination);
        destination[FormattedLength - 1] = (byte)'Z';
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[FormattedLength];
        Format(text);
        return Encoding.ASCII.GetString(text);
    }

    // "2026-01-15T12:00:00", local to an offset that is still to be read.
    private static bool TryParseSeconds(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't' or ' ') || text[13] != ':' || text[16] != ':')
            return false;
        var (year, month, day) = (Number(text[..4]), Number(text[5..7]), Number(text[8..10]));
        var (hour, minute, second) = (Number(text[11..13]), Number(text[14..16]), Number(text[17..19]));
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59)
            return false;
        var time = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc);
        milliseconds = (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        return true;
    }

    private static bool TryParseOffset(ReadOnlySpan<char> text, out long minutes)
    {
        minutes = 0;
        if (text is "Z" or "z")
            return true;
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':')
            return false;
        var (hour, minute) = (Number(text[1..3]), Number(text[4..6]));
        if (hour is < 0 or > 23 || minute is < 0 or > 59)
            return false;
        minutes = ((hour * 60) + minute) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    // Digits only, and few of them; -1 for anything else.
    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c))
                return -1;
            number = (number * 10) + (c - '0');
        }

        return number;
    }
}
