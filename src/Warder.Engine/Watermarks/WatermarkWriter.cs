using Microsoft.Extensions.Logging;
using Warder.Core.Events;
using Warder.Core.Time;
using Warder.Engine.Background;
using Warder.Storage;
using Warder.Storage.Journal;

namespace Warder.Engine.Watermarks;

/// <summary>
/// Writes the watermark at most a second after a change, and after the time has advanced. Shows a problem while the file cannot be written,
/// and while the machine's clock is behind the floor.
/// </summary>
internal sealed partial class WatermarkWriter(WatermarkFile? file, Store store, Clock clock) : BackgroundWork(clock)
{
    /// <summary>A clock that is behind the floor by more is an error at the start, and an alert at run time.</summary>
    public const int MostMillisecondsBehind = 5 * 60 * 1_000;

    private const int PeriodMilliseconds = 800;

    private byte[]? instance;

    /// <inheritdoc/>
    public override string Name => "watermark";

    /// <inheritdoc/>
    protected override TimeSpan? Period => file is null ? null : TimeSpan.FromMilliseconds(PeriodMilliseconds);

    /// <inheritdoc/>
    protected override TimeSpan RetryPause => TimeSpan.FromMilliseconds(PeriodMilliseconds);

    /// <inheritdoc/>
    protected override TimeSpan FirstPause => TimeSpan.Zero;

    /// <inheritdoc/>
    protected override bool HasLastRound => file is not null;

    /// <summary>Writes the watermark of a batch, before its callers are answered.</summary>
    /// <exception cref="StorageException">It cannot be written.</exception>
    public void WriteNow(LogPosition head)
    {
        if (file is null)
            return;
        try
        {
            instance ??= store.Read(Log.Instance);
            file.Write(new Watermark(
                Convert.ToHexStringLower(instance!), head.Sequence, Convert.ToHexStringLower(head.Hash), Clock.Now()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                StorageFaultKind.OutcomeUnknown, $"The change is durable, and the watermark {file.Path} cannot be written: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    protected override Task RoundAsync(CancellationToken stopping)
    {
        if (file is null)
            return Task.CompletedTask;
        var now = Clock.Now();
        if (store.ReadSnapshot(session => WatermarkFile.Of(session, now)) is { } mark)
            file.Write(mark);
        if (Clock.MillisecondsBehind is > MostMillisecondsBehind and var behind)
        {
            throw new InvalidOperationException(
                $"The machine's clock is {TimeSpan.FromMilliseconds(behind):d\\.hh\\:mm\\:ss} behind the time of the log."
                + " The server goes by the latter: correct the machine's clock.");
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void LogFailing(string problem) => LogFailed(Logger, problem);

    /// <inheritdoc/>
    protected override void LogRecovered() => LogWritten(Logger);

    [LoggerMessage(
        LogLevel.Critical, "The watermark or the clock has a problem; an older database or an earlier time may go unnoticed: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "The watermark is written again, and the clock is not behind")]
    private static partial void LogWritten(ILogger logger);
}

/// <summary>Writes the watermark of each batch with an ending before its callers are answered: <c>--watermark sync</c>.</summary>
internal sealed class WatermarkListener(CommitListener inner, WatermarkWriter writer) : CommitListener
{
    /// <inheritdoc/>
    public override Propagation Committed(CommittedBatch batch)
    {
        var propagation = inner.Committed(batch);
        if (batch.Events.Any(static each => each.CacheDeltas.Count > 0))
            writer.WriteNow(batch.Head);
        return propagation;
    }

    /// <inheritdoc/>
    public override Propagation Unchanged() => inner.Unchanged();

    /// <inheritdoc/>
    public override void Forget() => inner.Forget();

    /// <inheritdoc/>
    public override void Restore() => inner.Restore();
}
