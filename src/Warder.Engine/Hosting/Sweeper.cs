using Microsoft.Extensions.Logging;
using Warder.Core.Events;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Core.Verification;
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
internal sealed partial class Sweeper(Store store, Journal journal, Clock clock, SystemEvents events, ILogger<Sweeper> logger) : IDisposable
{
    private const int PeriodMilliseconds = 15_000;
    // The head gets a MAC each minute, at the first sweep after it.
    private const long HeadMicroseconds = 60_000_000 - (PeriodMilliseconds * 1_000L);
    private const int KeysPerCommit = 200;
    private const int AnswersPerCommit = 1_000;

    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private Instant sweptUntil;
    private long headKeptMicroseconds;

    public void Start() => running = RunAsync();

    public void Dispose()
    {
        stopping.Cancel();
        running.GetAwaiter().GetResult();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(PeriodMilliseconds));
        try
        {
            do
            {
                await SweepAsync();
            }
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task SweepAsync()
    {
        try
        {
            var now = clock.Now();
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
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A failure ends this round only: the next round retries, and the server still stops in order.
            Failed(e.Message);
        }
    }

    private async Task KeepHead()
    {
        var now = Clock.MonotonicMicroseconds();
        if (headKeptMicroseconds != 0 && now - headKeptMicroseconds < HeadMicroseconds)
            return;
        if (!(await journal.Submit<bool>(context => HeadMacs.Keep(context.Session, context.Now), EnvironmentScope.None)).Value)
            Rewritten();
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
        => (await journal.Submit<int>(context => IdempotencyTable.Prune(context.Session, context.Now, AnswersPerCommit), EnvironmentScope.None)).Value;

    [LoggerMessage(LogLevel.Critical, "The log is not the one whose head is under a MAC of the root key: it was cut off or written anew. Verify it with 'warder events verify', and restore it from a backup")]
    private partial void Rewritten();

    [LoggerMessage(LogLevel.Warning, "Expired keys could not be written to the log; it is tried again: {Problem}")]
    private partial void Failed(string problem);
}
