namespace Warder.Engine.Replicas.Leases;

/// <summary>
/// The time that changes waited, in the last minute, for replicas of one management key: the union over all its replicas, connections and
/// nodes.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="managementKeyId">The management key's id.</param>
/// <param name="environment">The number of the key's environment.</param>
internal sealed class KeyStall(string managementKeyId, int environment)
{
    /// <summary>The length of the window that a budget applies to.</summary>
    public const long WindowMicroseconds = 60_000_000;

    private const long FirstBackOffMicroseconds = 60_000_000;
    private const long MaxBackOffMicroseconds = 3_600_000_000;

    private readonly Lock gate = new();
    private readonly IntervalSet own = new();
    private IntervalSet others = new();
    private long barredUntilMicroseconds;

    /// <summary>The management key's id.</summary>
    public string ManagementKeyId { get; } = managementKeyId;

    /// <summary>The number of the key's environment.</summary>
    public int Environment { get; } = environment;

    /// <summary>The number of leases of the key's replicas here. Used under the lock of <see cref="StallTracker"/>.</summary>
    public int Leases { get; set; }

    /// <summary>The time, on the boot clock, until which the key's replicas are refused leases; zero: there was no bar.</summary>
    public long BarredUntilMicroseconds => Volatile.Read(ref barredUntilMicroseconds);

    /// <summary>The length of the last bar, in force or ended.</summary>
    public long BackOffMicroseconds { get; private set; }

    /// <summary>The intervals that this node has measured.</summary>
    public List<(long From, long To)> Own
    {
        get
        {
            lock (gate)
                return [.. own.All];
        }
    }

    /// <summary>Grows with each measurement that extends the earlier ones.</summary>
    public long Version { get; private set; }

    /// <summary>Adds an interval in which a change waited for a replica of the key.</summary>
    public void Add(long from, long to)
    {
        lock (gate)
        {
            if (own.Add(from, to))
                Version++;
        }
    }

    /// <summary>Replaces the intervals that other nodes have measured, in the time of this node's boot clock.</summary>
    public void TakeOthers(IEnumerable<(long From, long To)> measured)
    {
        var union = new IntervalSet();
        foreach (var (from, to) in measured)
            union.Add(from, to);
        lock (gate)
            others = union;
    }

    /// <summary>Applies a bar that this node or another node has set.</summary>
    public void TakeBar(long untilMicroseconds, long backOffMicroseconds)
    {
        lock (gate)
        {
            // This node's own bar is stored in another clock's time, and is read back slightly earlier or later.
            if (untilMicroseconds - barredUntilMicroseconds > backOffMicroseconds / 4)
                (barredUntilMicroseconds, BackOffMicroseconds) = (untilMicroseconds, backOffMicroseconds);
        }
    }

    /// <summary>Computes the time that changes waited for the key's replicas in the window, since its last bar ended.</summary>
    public long StallMicroseconds(long now)
    {
        lock (gate)
        {
            var since = now - WindowMicroseconds;
            own.Trim(since);
            others.Trim(since);
            return own.All.Count + others.All.Count == 0
                ? 0
                : own.LengthWith(others, now < barredUntilMicroseconds ? since : Math.Max(since, barredUntilMicroseconds));
        }
    }

    /// <summary>
    /// Bars the key if changes waited for its replicas longer than the budget. The back-off doubles until an hour has passed without a bar.
    /// </summary>
    public bool TryBar(long now, long budgetMicroseconds)
    {
        lock (gate)
        {
            if (now < barredUntilMicroseconds || StallMicroseconds(now) <= budgetMicroseconds)
                return false;
            var isRepeated = BackOffMicroseconds > 0 && now - barredUntilMicroseconds < MaxBackOffMicroseconds;
            BackOffMicroseconds = isRepeated ? Math.Min(BackOffMicroseconds * 2, MaxBackOffMicroseconds) : FirstBackOffMicroseconds;
            Volatile.Write(ref barredUntilMicroseconds, now + BackOffMicroseconds);
            return true;
        }
    }

    /// <summary>Determines whether the state can be removed: no lease, no stall in the window, no bar within the last hour.</summary>
    public bool IsIdle(long now)
        => Leases == 0 && (BackOffMicroseconds == 0 || now - BarredUntilMicroseconds >= MaxBackOffMicroseconds)
            && StallMicroseconds(now) == 0;
}
