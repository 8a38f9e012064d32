using Microsoft.Extensions.Logging;
using Warder.Contracts;
using Warder.Contracts.Replicas;
using Warder.Core.Events;
using Warder.Core.Time;
using Warder.Engine.Background;
using Warder.Engine.Events;
using Warder.Engine.Keys;
using Warder.Engine.Nodes;
using Warder.Engine.Replicas.Leases;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Engine.Replicas;

/// <summary>
/// Stores the stalls of replicas: writes bars with their events, and, over a shared database, sums the measurements of all nodes. No change
/// waits for this work.
/// </summary>
/// <remarks>
/// Times in the tables are times of the nodes' clocks. Where the clocks differ, a charge is less exact; answers stay correct.
/// </remarks>
internal sealed partial class StallExchange(
    StallTracker stalls, NodeIdentity identity, Store store, Journal journal, Clock clock, SystemEvents events)
    : BackgroundWork(clock)
{
    private const int PeriodMilliseconds = 200;
    private const int MaxRows = 4_096;

    private long writtenVersion;

    /// <inheritdoc/>
    public override string Name => "stalls";

    /// <inheritdoc/>
    /// <remarks>An embedded database has no other nodes to exchange measurements with.</remarks>
    protected override TimeSpan? Period => store.IsShared ? TimeSpan.FromMilliseconds(PeriodMilliseconds) : null;

    /// <inheritdoc/>
    protected override TimeSpan RetryPause => TimeSpan.FromMilliseconds(PeriodMilliseconds);

    /// <inheritdoc/>
    protected override void Prepare()
    {
        stalls.Barred = bar => _ = BarAsync(bar);
        stalls.TakeShared([], store.Read(static session => ReplicaStallTable.Bars(session, MaxRows)));
    }

    /// <inheritdoc/>
    protected override async Task RoundAsync(CancellationToken stopping)
    {
        if (!stalls.HasKeys)
            return;
        var now = Clock.Now();
        const long Window = KeyStall.WindowMicroseconds / 1_000;
        // Measurements are written once: nodes ignore those that are older than the window.
        var version = stalls.MeasuredVersion;
        if (version != writtenVersion)
        {
            var measured = stalls.Measured();
            await journal.Submit<int>(
                context =>
                {
                    ReplicaStallTable.Write(context.Session, identity.Id, measured, context.Now, Window);
                    return measured.Count;
                },
                EnvironmentScope.None);
            writtenVersion = version;
        }

        var (others, bars) = store.Read(session => (
            ReplicaStallTable.Others(session, identity.Id, now.PlusMilliseconds(-Window), MaxRows),
            ReplicaStallTable.Bars(session, MaxRows)));
        stalls.TakeShared(others, bars);
    }

    /// <inheritdoc/>
    /// <remarks>Until a round succeeds, each node charges its own measurements.</remarks>
    protected override void LogFailing(string problem) => LogFailed(Logger, problem);

    /// <inheritdoc/>
    protected override void LogRecovered() => LogExchanged(Logger);

    // When two nodes bar a key at the same time, one of them writes the event.
    private async Task BarAsync(StallBar bar)
    {
        LogBarred(
            Logger, bar.ManagementKeyId, bar.StallMicroseconds / 1_000, bar.BudgetMicroseconds / 1_000, bar.BackOffMicroseconds / 1_000);
        try
        {
            await journal.Submit<bool>(
                context =>
                {
                    var until = context.Now.PlusMilliseconds(bar.BackOffMicroseconds / 1_000);
                    var row = new ReplicaBarRow(bar.ManagementKeyId, bar.Environment, until, bar.BackOffMicroseconds / 1_000);
                    if (!ReplicaStallTable.TryBar(context.Session, row, context.Now))
                        return false;
                    var data = new ReplicaBar
                    {
                        ManagementKeyId = bar.ManagementKeyId,
                        StallMilliseconds = bar.StallMicroseconds / 1_000,
                        BudgetMilliseconds = bar.BudgetMicroseconds / 1_000,
                        BarredUntil = KeyShapes.Time(until),
                    };
                    events.In(bar.Environment).Append(
                        context, EventTypes.ReplicasBarred, EventData.Of(data, WarderJson.Wire.ReplicaBar), null);
                    return true;
                },
                EnvironmentScope.None);
        }
        catch (Exception e)
        {
            // The key is barred at this node even without the event.
            LogFailed(Logger, e.Message);
        }
    }

    [LoggerMessage(
        LogLevel.Error,
        "Changes waited {Stall} ms within a minute for replicas of the management key {Key}, more than {Budget} ms: they hold no lease for"
        + " {BackOff} ms, and ask for each answer")]
    private static partial void LogBarred(ILogger logger, string key, long stall, long budget, long backOff);

    [LoggerMessage(LogLevel.Warning, "What replicas cost changes could not be exchanged with the database; it is tried again: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "What replicas cost changes is exchanged with the database again")]
    private static partial void LogExchanged(ILogger logger);
}
