using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Warder.Core.Time;

namespace Warder.Engine.Background;

/// <summary>The outcome of the rounds of background work.</summary>
/// <param name="LastRunAt">The end of the last round that succeeded; null: there was none.</param>
/// <param name="Problem">The reason why the last round failed; null: it succeeded, or there was none.</param>
/// <param name="ProblemAt">The time of that failure.</param>
/// <param name="Failures">The number of rounds that failed.</param>
internal sealed record BackgroundStatus(Instant? LastRunAt, string? Problem, Instant? ProblemAt, long Failures);

/// <summary>
/// Work that a node does by itself, in rounds: one at a time, at intervals or when it is woken. A failed round is repeated, and its problem
/// is shown until a round succeeds.
/// </summary>
/// <remarks>Thread-safe. No caller waits for a round, except one that runs it itself.</remarks>
internal abstract class BackgroundWork : IDisposable
{
    private const int MostProblemCharacters = 500;
    private static readonly TimeSpan LastRoundPatience = TimeSpan.FromSeconds(3);

    private readonly Timer timer;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly CancellationTokenSource stopping = new();
    private volatile BackgroundStatus status = new(null, null, null, 0);
    private int awake;
    private bool stopped;

    protected BackgroundWork(Clock clock)
    {
        Clock = clock;
        timer = new Timer(static state => ((BackgroundWork)state!).Tick(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>The name in health and metrics: lower-case letters and underscores.</summary>
    public abstract string Name { get; }

    /// <summary>The number of items that wait for a round; null: the work does not count them.</summary>
    public virtual long? Backlog => null;

    /// <summary>The outcome of the rounds.</summary>
    public BackgroundStatus Status => status;

    /// <summary>The process's clock.</summary>
    protected Clock Clock { get; }

    /// <summary>The log of problems.</summary>
    protected ILogger Logger { get; private set; } = NullLogger.Instance;

    /// <summary>The time between the beginnings of two rounds; null: a round runs only when the work is woken.</summary>
    protected abstract TimeSpan? Period { get; }

    /// <summary>The time before a failed round is repeated.</summary>
    protected abstract TimeSpan RetryPause { get; }

    /// <summary>The time between the start and the first round, of work that has a period.</summary>
    protected virtual TimeSpan FirstPause => Period ?? TimeSpan.Zero;

    /// <summary>Whether a last round runs at the stop, after which nothing is pending.</summary>
    protected virtual bool HasLastRound => false;

    /// <summary>Starts the rounds.</summary>
    public void Start(ILogger logger)
    {
        Logger = logger;
        Prepare();
        if (Period is not null)
            Wake(FirstPause);
    }

    /// <summary>Stops the rounds: waits for the one under way, and runs a last one where there is one.</summary>
    public void Dispose()
    {
        lock (timer)
        {
            if (stopped)
                return;
            stopped = true;
            timer.Dispose();
        }

        stopping.Cancel();
        if (HasLastRound)
        {
            // At most the last seconds of the pending items are lost, as after a crash.
            TryRunAsync().Wait(LastRoundPatience);
        }
        else
        {
            turn.Wait();
            turn.Release();
        }
    }

    /// <summary>Prepares the first round, before the node answers requests.</summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>Runs one round.</summary>
    /// <param name="stopping">Cancelled when the node stops. A last round runs nevertheless.</param>
    protected abstract Task RoundAsync(CancellationToken stopping);

    /// <summary>Logs that rounds fail. Called at the first failure after a success.</summary>
    protected abstract void LogFailing(string problem);

    /// <summary>Logs that a round succeeded after a failure.</summary>
    protected abstract void LogRecovered();

    /// <summary>Schedules a round, unless one is scheduled.</summary>
    protected void Wake(TimeSpan pause)
    {
        if (Interlocked.Exchange(ref awake, 1) != 0)
            return;
        lock (timer)
        {
            if (!stopped)
                timer.Change(pause, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Runs a round now.</summary>
    /// <exception cref="Exception">The round failed.</exception>
    protected async Task RunAsync()
    {
        await turn.WaitAsync();
        try
        {
            await RoundAsync(stopping.Token);
            Succeed();
        }
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            Fail(e.Message);
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Runs a round now. A failed round is repeated later.</summary>
    protected async Task TryRunAsync()
    {
        var since = Clock.MonotonicMicroseconds();
        try
        {
            await RunAsync();
        }
        catch (Exception)
        {
            // A timer callback that throws ends the process. The problem is in the status.
            Wake(RetryPause);
            return;
        }

        if (Period is { } period)
            Wake(TimeSpan.FromMicroseconds(Math.Max(0, period.TotalMicroseconds - (Clock.MonotonicMicroseconds() - since))));
    }

    private void Succeed()
    {
        var before = status;
        // First the log: a reader that sees the new status finds the line of it.
        if (before.Problem is not null)
            LogRecovered();
        status = before with { LastRunAt = Clock.Now(), Problem = null, ProblemAt = null };
    }

    private void Fail(string message)
    {
        var before = status;
        var problem = message.Length > MostProblemCharacters ? message[..MostProblemCharacters] : message;
        if (before.Problem is null)
            LogFailing(problem);
        status = before with { Problem = problem, ProblemAt = Clock.Now(), Failures = before.Failures + 1 };
    }

    private async void Tick()
    {
        Volatile.Write(ref awake, 0);
        await TryRunAsync();
    }
}
