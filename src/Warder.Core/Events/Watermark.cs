using System.Globalization;
using Warder.Core.Time;

namespace Warder.Core.Events;

/// <summary>The relation of a database to a watermark.</summary>
public enum WatermarkVerdict
{
    /// <summary>The log ends before the event of the watermark.</summary>
    Older,

    /// <summary>The log has another event in the place of the watermark's: it continued from an older state.</summary>
    Diverged,

    /// <summary>The watermark belongs to another database.</summary>
    OtherInstance,

    /// <summary>The log includes the event of the watermark.</summary>
    Current,
}

/// <summary>
/// A position that the log had reached at a time, kept outside the database. A log that does not include it was set back, and keys that
/// ended since would be valid again.
/// </summary>
/// <param name="Instance">The hash of the log's first batch, in hexadecimal: it identifies the database.</param>
/// <param name="Sequence">The log's last sequence number.</param>
/// <param name="Hash">The log's hash at that number, in hexadecimal.</param>
/// <param name="Time">The time at which the log ended there.</param>
public sealed record Watermark(string Instance, long Sequence, string Hash, Instant Time)
{
    private const string Form = "warder-watermark-1";
    private const int Parts = 5;

    /// <summary>Compares the log of a database with the watermark.</summary>
    /// <param name="instance">The instance of that log; null: the log is empty.</param>
    /// <param name="head">The log's last sequence number.</param>
    /// <param name="hashAtSequence">The log's hash at the watermark's number; null: no batch ends there.</param>
    public WatermarkVerdict Compare(string? instance, long head, string? hashAtSequence)
    {
        if (instance is not null && instance != Instance)
            return WatermarkVerdict.OtherInstance;
        if (head < Sequence)
            return WatermarkVerdict.Older;
        return hashAtSequence == Hash ? WatermarkVerdict.Current : WatermarkVerdict.Diverged;
    }

    /// <summary>Writes the watermark as one line.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Form} {Instance} {Sequence} {Hash} {Time.UnixMilliseconds}\n");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <returns>Null: the text is no watermark.</returns>
    public static Watermark? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.TrimEnd('\n').Split(' ');
        return parts.Length == Parts && parts[0] == Form && text.EndsWith('\n')
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && long.TryParse(parts[4], NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            && time <= Instant.Max.UnixMilliseconds
            ? new Watermark(parts[1], sequence, parts[3], new Instant(time))
            : null;
    }
}
