using System.Text.RegularExpressions;

namespace Warder.Engine.LogReaders;

/// <summary>
/// Runs every reader of the log, so that each has a durable cursor, one owner among the nodes, back-pressure and a line in the health
/// report. A failing or slow reader delays no other.
/// </summary>
internal sealed partial class LogReaderHost : IDisposable
{
    private readonly List<LogReaderRun> runs;
    private readonly LogReaderParts parts;

    /// <summary>Creates a host of readers.</summary>
    /// <exception cref="ArgumentException">A name is malformed, or two readers have the same.</exception>
    public LogReaderHost(IReadOnlyList<LogReader> readers, LogReaderParts parts)
    {
        if (readers.FirstOrDefault(static reader => !WellFormed().IsMatch(reader.Name)) is { } nameless)
            throw new ArgumentException(
                $"'{nameless.Name}' is no name of a log reader: lower-case letters and underscores, at most 64.", nameof(readers));
        if (readers.DistinctBy(static reader => reader.Name).Count() != readers.Count)
            throw new ArgumentException("Two log readers have the same name.", nameof(readers));
        this.parts = parts;
        runs = [.. readers.Select(reader => new LogReaderRun(reader, parts))];
    }

    /// <summary>The readers of this node, each with its ownership, its lag behind the log, and its number of failures.</summary>
    public IEnumerable<(string Name, bool IsOwner, long Lag, long Failures)> Readers
        => runs.Select(run => (run.Name, run.IsOwner, run.IsOwner ? Math.Max(0, parts.Head() - run.Cursor) : 0, run.Failures));

    public void Start() => runs.ForEach(static run => run.Start());

    public void Dispose()
    {
        runs.ForEach(static run => run.Stop());
        runs.ForEach(static run => run.Dispose());
    }

    [GeneratedRegex("^[a-z_]{1,64}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WellFormed();
}
