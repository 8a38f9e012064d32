namespace Warder.Engine.Replicas.Leases;

/// <summary>
/// How long changes waited, in the last minute, for replicas of one management key: the union over all its replicas, connections and nodes.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="managementKeyId">The key.</param>
/// <param name="environment">The number of its environment.</param>
internal sealed class KeyStall(string managementKeyId, int environment)
{
    /// <summary>The window that a budget is for.</summary>
    public const long WindowMicroseconds = 60_000_000;

    private const long FirstBackOffMicroseconds = 60_000_000;
    private const long MaxBackOffMicroseconds = 3_600_000_000;

    private readonly Lock gate = new();
    private readonly IntervalSet own = new();
    private IntervalSet others = new();
    private long barredUntilMicroseconds;

    /// <summary>The key.</summary>
    public string ManagementKeyId { get; } = managementKeyId;

    /// <summary>The number of its environment.</summary>
    public int Environment { get; } = environment;

    /// <summary>How many leases of its replicas this node keeps. Used under the lock of <see cref="StallTracker"/>.</summary>
    public int Leases { get; set; }

    /// <summary>Until when, on the boot clock, its replicas are refused leases; zero: they never were.</summary>
    public long BarredUntilMicroseconds => Volatile.Read(ref barredUntilMicroseconds);

    /// <summary>How long the last bar is, or was.</summary>
    public long BackOffMicroseconds { get; private set; }

    /// <summary>What this node has measured.</summary>
    public List<(long From, long To)> Own
    {
        get
        {
            lock (gate)
                return [.. own.All];
        }
    }

    /// <summary>Grows with each measure that says more than those before it.</summary>
    public long Version { get; private set; }

    /// <summary>A change waited for a replica of the key.</summary>
    public void Add(long from, long to)
    {
        lock (gate)
        {
            if (own.Add(from, to))
                Version++;
        }
    }

    /// <summary>Takes what other nodes have measured, by this node's boot clock.</summary>
    public void TakeOthers(IEnumerable<(long From, long To)> measured)
    {
        var union = new IntervalSet();
        foreach (var (from, to) in measured)
            union.Add(from, to);
        lock (gate)
            others = union;
    }

    /// <summary>Takes a bar that this node, or another one, has set.</summary>
    public void TakeBar(long untilMicroseconds, long backOffMicroseconds)
    {
        lock (gate)
        {
            // A bar of this node's own is written in another clock's time, and comes back a little earlier or later.
            if (untilMicroseconds - barredUntilMicroseconds > backOffMicroseconds / 4)
                (barredUntilMicroseconds, BackOffMicroseconds) = (untilMicroseconds, backOffMicroseconds);
        }
    }

    /// <summary>How long changes waited for its replicas in the window, since its last bar ended.</summary>
    public long StallMicroseconds(long now)
    {
        lock (gate)
        {
            var since = now - WindowMicroseconds;
            own.Trim(since);
            others.Trim(since);
            return own.All.Count + others.All.Count == 0 ? 0 : own.LengthWith(others, now < barredUntilMicroseconds ? since : Math.Max(since, barredUntilMicroseconds));
        }
    }

    /// <summary>
    /// Bars it, if its replicas cost changes more than the budget. The back-off doubles until an hour has passed without a bar.
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

    /// <summary>Whether nothing of it matters any more.</summary>
    public bool IsIdle(long now)
        => Leases == 0 && (BackOffMicroseconds == 0 || now - BarredUntilMicroseconds >= MaxBackOffMicroseconds) && StallMicroseconds(now) == 0;
}
