using Microsoft.Extensions.Logging;
using Warder.Core.Events;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Background;
using Warder.Engine.Events;
using Warder.Engine.Keys;
using Warder.Storage;
using Warder.Storage.Idempotency;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Engine.Hosting;

/// <summary>
/// Appends an event for each key that expired by itself. The events are evidence only: the clock decides validity. The sweeper also deletes
/// stored answers once their idempotency keys are too old to be repeated.
/// </summary>
internal sealed partial class Sweeper(Store store, Journal journal, Clock clock, SystemEvents events) : BackgroundWork(clock)
{
    private const int PeriodMilliseconds = 15_000;
    // The head gets a MAC each minute, at the first sweep after it.
    private const long HeadMicroseconds = 60_000_000 - (PeriodMilliseconds * 1_000L);
    private const int KeysPerCommit = 200;
    private const int AnswersPerCommit = 1_000;

    private Instant sweptUntil;
    private long headKeptMicroseconds;

    /// <inheritdoc/>
    public override string Name => "sweeper";

    /// <inheritdoc/>
    protected override TimeSpan? Period => TimeSpan.FromMilliseconds(PeriodMilliseconds);

    /// <inheritdoc/>
    protected override TimeSpan RetryPause => TimeSpan.FromMilliseconds(PeriodMilliseconds);

    /// <inheritdoc/>
    protected override TimeSpan FirstPause => TimeSpan.Zero;

    /// <inheritdoc/>
    protected override async Task RoundAsync(CancellationToken stopping)
    {
        var now = Clock.Now();
        while (await ExpireSome(now) == KeysPerCommit && !stopping.IsCancellationRequested)
        {
            // More keys are overdue.
        }

        sweptUntil = now;

        while (await PruneSome() == AnswersPerCommit && !stopping.IsCancellationRequested)
        {
            // More answers are too old. Deletion must keep up with insertion.
        }

        await KeepHead();
    }

    /// <inheritdoc/>
    protected override void LogFailing(string problem) => LogFailed(Logger, problem);

    /// <inheritdoc/>
    protected override void LogRecovered() => LogSwept(Logger);

    private async Task KeepHead()
    {
        var now = Clock.MonotonicMicroseconds();
        if (headKeptMicroseconds != 0 && now - headKeptMicroseconds < HeadMicroseconds)
            return;
        if (!(await journal.Submit<bool>(context => HeadMacs.Keep(context.Session, context.Now), EnvironmentScope.None)).Value)
            LogRewritten(Logger);
        headKeptMicroseconds = now;
    }

    private async Task<int> ExpireSome(Instant now)
    {
        var overdue = store.Read(session => KeyTable.Overdue(session, sweptUntil, now, KeysPerCommit));
        if (overdue.Count == 0)
            return 0;
        await journal.Submit<int>(context =>
        {
            foreach (var (environment, id) in overdue)
            {
                // The key may have changed since the read, and may be no longer due.
                if (KeyTable.Find(context.Session, environment, id) is { State: KeyState.Live } key
                    && DecisionRules.StatusOf(key, context.Now) == KeyStatus.Expired)
                {
                    KeyWrites.Write(events.In(environment), context, EventTypes.ApiKeyExpired, key, key with { State = KeyState.Expired });
                }
            }

            return overdue.Count;
        });
        return overdue.Count;
    }

    private async Task<int> PruneSome()
        => (await journal.Submit<int>(
            context => IdempotencyTable.Prune(context.Session, context.Now, AnswersPerCommit), EnvironmentScope.None)).Value;

    [LoggerMessage(
        LogLevel.Critical,
        "The log is not the one whose head is under a MAC of the root key: it was cut off or written anew."
        + " Verify it with 'warder events verify', and restore it from a backup")]
    private static partial void LogRewritten(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "Expired keys could not be written to the log; it is tried again: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "Expired keys are written to the log again")]
    private static partial void LogSwept(ILogger logger);
}
