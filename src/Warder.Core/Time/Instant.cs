using System.Buffers.Text;
using System.Globalization;

namespace Warder.Core.Time;

/// <summary>A point in time: UTC unix milliseconds, as it is stored; RFC 3339 with milliseconds and <c>Z</c> in JSON.</summary>
/// <param name="UnixMilliseconds">Milliseconds since 1970-01-01T00:00:00Z; may be negative.</param>
public readonly record struct Instant(long UnixMilliseconds) : IComparable<Instant>
{
    /// <summary>How many bytes <see cref="Format"/> writes: <c>2026-01-15T12:00:00.000Z</c>.</summary>
    public const int FormattedLength = 24;

    /// <summary>The latest instant that RFC 3339 can write: the end of the year 9999.</summary>
    public static readonly Instant Max = new(253_402_300_799_999);

    /// <summary>The instant <paramref name="milliseconds"/> later; saturates at <see cref="Max"/>.</summary>
    public Instant PlusMilliseconds(long milliseconds)
        => milliseconds > Max.UnixMilliseconds - UnixMilliseconds ? Max : new(UnixMilliseconds + milliseconds);

    /// <summary>The instant <paramref name="seconds"/> later; saturates at <see cref="Max"/>.</summary>
    public Instant PlusSeconds(long seconds) => PlusMilliseconds(seconds * 1000);

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
    /// Reads an RFC 3339 date-time with an explicit offset, any number of fractional digits up to seven; finer than a millisecond is cut off.
    /// </summary>
    public static bool TryParse(string? text, out Instant instant)
    {
        instant = default;
        if (text is null || text.Length is < 20 or > 40 || text[10] is not ('T' or 't' or ' '))
            return false;
        var hasOffset = text[^1] is 'Z' or 'z' || text[^6] is '+' or '-';
        if (!hasOffset || !DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var parsed))
            return false;
        instant = new Instant(parsed.ToUnixTimeMilliseconds());
        return true;
    }

    /// <summary>Writes <see cref="FormattedLength"/> bytes of RFC 3339.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void Format(Span<byte> destination)
    {
        if (destination.Length < FormattedLength)
            throw new ArgumentException("An instant needs 24 bytes.", nameof(destination));
        var time = DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);
        Utf8Formatter.TryFormat(time.UtcDateTime, destination, out _, new System.Buffers.StandardFormat('O'));
        // "O" writes seven fractional digits and then Z: keep three.
        destination[23] = (byte)'Z';
    }

    /// <inheritdoc/>
    public override string ToString()
        => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
