using System.Globalization;
using Warder.Cli.Shells;
using Warder.Core.Time;

namespace Warder.Cli.Options;

/// <summary>
/// Parses times: <c>2026-12-31</c>, <c>2026-12-31T18:00:00Z</c>, or a distance from now: <c>90d</c>, <c>12h</c>, <c>30m</c>,
/// and by the calendar <c>1mo</c>, <c>1y</c>.
/// </summary>
internal static class TimeText
{
    /// <summary>Parses a time; a distance counts forward: an expiry.</summary>
    public static DateTimeOffset? Ahead(string option, string? text, Instant now) => text is null ? null : Parse(option, text, now, 1);

    /// <summary>Parses a time; a distance counts back: <c>--unused-since 90d</c>.</summary>
    public static DateTimeOffset? Ago(string option, string? text, Instant now) => text is null ? null : Parse(option, text, now, -1);

    /// <summary>Parses a time as <see cref="Ahead"/> does.</summary>
    /// <returns>Null for <c>never</c>.</returns>
    public static DateTimeOffset? AheadOrNever(string option, string text, Instant now)
        => text == "never" ? null : Parse(option, text, now, 1);

    private static DateTimeOffset Parse(string option, string text, Instant now, int direction)
    {
        if (Months(text) is { } months)
            return DateTimeOffset.FromUnixTimeMilliseconds(now.UnixMilliseconds).AddMonths(direction * months);
        if (Distance(text) is { } distance)
            return DateTimeOffset.FromUnixTimeMilliseconds(now.UnixMilliseconds + (direction * distance));
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        if (Instant.TryParse(text, out var instant))
            return DateTimeOffset.FromUnixTimeMilliseconds(instant.UnixMilliseconds);
        throw new UsageException($"{option}: \"{text}\" is not a time. Write 2026-12-31, 2026-12-31T18:00:00Z, 90d, 12h, 30m, 1mo or 1y.");
    }

    /// <summary>Reads <c>1mo</c> or <c>1y</c>, up to a hundred years.</summary>
    private static int? Months(string text)
    {
        var (length, months) = text.EndsWith("mo", StringComparison.Ordinal) ? (2, 1) : text.EndsWith('y') ? (1, 12) : (0, 0);
        return months > 0
            && int.TryParse(text.AsSpan(0, text.Length - length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= 1200 / months
            ? count * months
            : null;
    }

    private static long? Distance(string text)
    {
        if (text.Length < 2)
            return null;
        long? unit = text[^1] switch { 'd' => 86_400_000, 'h' => 3_600_000, 'm' => 60_000, 's' => 1000, _ => null };
        return unit is { } milliseconds
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= 36_500 * (86_400_000 / milliseconds)
            ? count * milliseconds
            : null;
    }
}
