using Warder.Core.Time;
using Warder.Storage.Nodes;

namespace Warder.Engine.Replicas.Leases;

/// <summary>A bar: for a while, the replicas of a management key are refused leases.</summary>
/// <param name="ManagementKeyId">The management key's id.</param>
/// <param name="Environment">The number of the key's environment.</param>
/// <param name="StallMicroseconds">The time that changes waited for the key's replicas in the window.</param>
/// <param name="BudgetMicroseconds">The time that changes may wait in the window.</param>
/// <param name="BackOffMicroseconds">The length of the bar.</param>
internal sealed record StallBar(
    string ManagementKeyId, int Environment, long StallMicroseconds, long BudgetMicroseconds, long BackOffMicroseconds);

/// <summary>The time that changes waited for replicas, by management key, and the bars that result.</summary>
/// <remarks>Thread-safe. A key is kept while it has leases here, stall in the window, or a bar within the last hour.</remarks>
/// <param name="clock">The node's clock: measurements are exchanged between nodes in its time.</param>
/// <param name="budgetMicroseconds">
/// The time that changes may wait for one key's replicas in the window, by the number of the key's environment.
/// </param>
internal sealed class StallTracker(Clock clock, Func<int, long> budgetMicroseconds)
{
    private readonly Lock gate = new();
    private long forgottenVersions;
    private readonly Dictionary<string, KeyStall> keys = new(StringComparer.Ordinal);

    /// <summary>Called, under locks, when a key is barred. The callback must not wait.</summary>
    public Action<StallBar> Barred { get; set; } = static _ => { };

    /// <summary>The number of bars that this node has set.</summary>
    public long Bars { get; private set; }

    /// <summary>Whether there are measurements to exchange with other nodes.</summary>
    public bool HasKeys
    {
        get
        {
            lock (gate)
                return keys.Count > 0;
        }
    }

    /// <summary>The time that changes waited in the last minute, summed over all keys.</summary>
    public long StallMilliseconds
    {
        get
        {
            var now = Clock.BootMicroseconds();
            lock (gate)
                return keys.Values.Sum(stall => stall.StallMicroseconds(now)) / 1_000;
        }
    }

    /// <summary>Lists an environment's keys that are barred, or that have stall in the last minute.</summary>
    public List<(string ManagementKeyId, long StallMicroseconds, long BarredUntilMicroseconds)> Charged(int environment, long now)
    {
        lock (gate)
        {
            return
            [
                .. keys.Values.Where(stall => stall.Environment == environment)
                    .Select(stall => (stall.ManagementKeyId, Stall: stall.StallMicroseconds(now), stall.BarredUntilMicroseconds))
                    .Where(each => each.Stall > 0 || each.BarredUntilMicroseconds > now),
            ];
        }
    }

    /// <summary>Returns the stall of a key, and counts one more lease of the key's replicas.</summary>
    public KeyStall Take(string managementKeyId, int environment)
    {
        lock (gate)
        {
            var stall = Of(managementKeyId, environment);
            stall.Leases++;
            return stall;
        }
    }

    /// <summary>Counts one lease less.</summary>
    public void Release(KeyStall stall)
    {
        lock (gate)
            stall.Leases--;
    }

    /// <summary>Returns the time, on the boot clock, until which a key's replicas are refused leases.</summary>
    public long BarredUntil(string managementKeyId)
    {
        lock (gate)
            return keys.TryGetValue(managementKeyId, out var stall) ? stall.BarredUntilMicroseconds : 0;
    }

    /// <summary>Bars the keys that exceed their budget, and removes the keys that are idle.</summary>
    public void Check(long now)
    {
        lock (gate)
        {
            foreach (var (id, stall) in keys)
            {
                var budget = budgetMicroseconds(stall.Environment);
                var cost = stall.StallMicroseconds(now);
                if (stall.TryBar(now, budget))
                {
                    Bars++;
                    Barred(new StallBar(id, stall.Environment, cost, budget, stall.BackOffMicroseconds));
                }
                else if (stall.IsIdle(now))
                {
                    forgottenVersions += stall.Version;
                    keys.Remove(id);
                }
            }
        }
    }

    /// <summary>A number that changes whenever the measurements do.</summary>
    public long MeasuredVersion
    {
        get
        {
            lock (gate)
                return forgottenVersions + keys.Values.Sum(static stall => stall.Version);
        }
    }

    /// <summary>Returns this node's measurements, for other nodes to add to theirs.</summary>
    public List<ReplicaStallRow> Measured()
    {
        lock (gate)
        {
            var offset = ClockOffset();
            Instant Time(long micros) => new((micros + offset) / 1_000);
            return
            [
                .. keys.Values.Select(
                    stall => new ReplicaStallRow(stall.ManagementKeyId, stall.Own.ConvertAll(each => (Time(each.From), Time(each.To)))))
                    .Where(static row => row.Intervals.Count > 0),
            ];
        }
    }

    /// <summary>Applies the measurements of other nodes and the bars in force.</summary>
    public void TakeShared(IReadOnlyList<ReplicaStallRow> measured, IReadOnlyList<ReplicaBarRow> bars)
    {
        lock (gate)
        {
            var offset = ClockOffset();
            long Micros(Instant time) => (time.UnixMilliseconds * 1_000) - offset;
            var byKey = measured.ToLookup(static row => row.ManagementKeyId, StringComparer.Ordinal);
            foreach (var stall in keys.Values)
                stall.TakeOthers(
                    byKey[stall.ManagementKeyId].SelectMany(static row => row.Intervals).Select(
                        each => (Micros(each.From), Micros(each.To))));
            foreach (var bar in bars)
                Of(bar.ManagementKeyId, bar.Environment).TakeBar(Micros(bar.BarredUntil), bar.BackOffMilliseconds * 1_000);
        }

        Check(Clock.BootMicroseconds());
    }

    private KeyStall Of(string managementKeyId, int environment)
    {
        if (!keys.TryGetValue(managementKeyId, out var stall))
            keys.Add(managementKeyId, stall = new KeyStall(managementKeyId, environment));
        return stall;
    }

    // The offset from the boot clock to unix microseconds.
    private long ClockOffset() => (clock.Now().UnixMilliseconds * 1_000) - Clock.BootMicroseconds();
}
