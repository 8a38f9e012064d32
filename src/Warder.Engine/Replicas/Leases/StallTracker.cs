using Warder.Core.Time;
using Warder.Storage.Nodes;

namespace Warder.Engine.Replicas.Leases;

/// <summary>A management key whose replicas are refused leases for a while.</summary>
/// <param name="ManagementKeyId">The key.</param>
/// <param name="Environment">The number of its environment.</param>
/// <param name="StallMicroseconds">How long changes waited for its replicas in the window.</param>
/// <param name="BudgetMicroseconds">How long they may.</param>
/// <param name="BackOffMicroseconds">For how long it is barred.</param>
internal sealed record StallBar(string ManagementKeyId, int Environment, long StallMicroseconds, long BudgetMicroseconds, long BackOffMicroseconds);

/// <summary>What replicas cost changes, by management key, and which keys are barred for it.</summary>
/// <remarks>Thread-safe. A key is kept while it has leases here, stall in the window, or a bar within the last hour.</remarks>
/// <param name="clock">The node's clock: what other nodes measured is told in its time.</param>
/// <param name="budgetMicroseconds">
/// How long changes may wait for one key's replicas in the window, by the number of its environment.
/// </param>
internal sealed class StallTracker(Clock clock, Func<int, long> budgetMicroseconds)
{
    private readonly Lock gate = new();
    private long forgottenVersions;
    private readonly Dictionary<string, KeyStall> keys = new(StringComparer.Ordinal);

    /// <summary>Called, under locks, when a key is barred. It must not wait.</summary>
    public Action<StallBar> Barred { get; set; } = static _ => { };

    /// <summary>How often this node has barred a key.</summary>
    public long Bars { get; private set; }

    /// <summary>Whether there is anything to exchange with other nodes.</summary>
    public bool HasKeys
    {
        get
        {
            lock (gate)
                return keys.Count > 0;
        }
    }

    /// <summary>How long changes waited in the last minute, summed over all keys.</summary>
    public long StallMilliseconds
    {
        get
        {
            var now = Clock.BootMicroseconds();
            lock (gate)
                return keys.Values.Sum(stall => stall.StallMicroseconds(now)) / 1_000;
        }
    }

    /// <summary>The keys of an environment whose replicas changes waited for in the last minute, or that are barred.</summary>
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

    /// <summary>What a key is charged with, for a lease more of its replicas.</summary>
    public KeyStall Take(string managementKeyId, int environment)
    {
        lock (gate)
        {
            var stall = Of(managementKeyId, environment);
            stall.Leases++;
            return stall;
        }
    }

    /// <summary>A lease is forgotten.</summary>
    public void Release(KeyStall stall)
    {
        lock (gate)
            stall.Leases--;
    }

    /// <summary>Until when, on the boot clock, a key's replicas are refused leases.</summary>
    public long BarredUntil(string managementKeyId)
    {
        lock (gate)
            return keys.TryGetValue(managementKeyId, out var stall) ? stall.BarredUntilMicroseconds : 0;
    }

    /// <summary>Bars the keys that are past their budget, and forgets those that matter no more.</summary>
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

    /// <summary>Another number whenever there is more to tell than was measured before.</summary>
    public long MeasuredVersion
    {
        get
        {
            lock (gate)
                return forgottenVersions + keys.Values.Sum(static stall => stall.Version);
        }
    }

    /// <summary>What this node has measured, for others to add to theirs.</summary>
    public List<ReplicaStallRow> Measured()
    {
        lock (gate)
        {
            var offset = ClockOffset();
            Instant Time(long micros) => new((micros + offset) / 1_000);
            return
            [
                .. keys.Values.Select(stall => new ReplicaStallRow(stall.ManagementKeyId, stall.Own.ConvertAll(each => (Time(each.From), Time(each.To)))))
                    .Where(static row => row.Intervals.Count > 0),
            ];
        }
    }

    /// <summary>Takes what other nodes have measured, and which keys are barred.</summary>
    public void TakeShared(IReadOnlyList<ReplicaStallRow> measured, IReadOnlyList<ReplicaBarRow> bars)
    {
        lock (gate)
        {
            var offset = ClockOffset();
            long Micros(Instant time) => (time.UnixMilliseconds * 1_000) - offset;
            var byKey = measured.ToLookup(static row => row.ManagementKeyId, StringComparer.Ordinal);
            foreach (var stall in keys.Values)
                stall.TakeOthers(byKey[stall.ManagementKeyId].SelectMany(static row => row.Intervals).Select(each => (Micros(each.From), Micros(each.To))));
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

    // From the boot clock to unix microseconds.
    private long ClockOffset() => (clock.Now().UnixMilliseconds * 1_000) - Clock.BootMicroseconds();
}
