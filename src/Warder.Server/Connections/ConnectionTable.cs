using System.Net;
using Microsoft.Extensions.Logging;
using Warder.Core.Time;
using Warder.Engine.Telemetry;
using Warder.Server.Telemetry;

namespace Warder.Server.Connections;

/// <summary>
/// All connections, and the bounds on them: in total, and by address for those that have not authenticated a request. A connection counts
/// from its accept until its descriptor is closed, upgraded or not. Without the bounds, a client that opens connections takes the
/// descriptors of the database.
/// </summary>
/// <remarks>
/// Thread-safe. The lock is taken when a connection begins, authenticates for the first time, and ends: never for a request.
/// </remarks>
internal sealed partial class ConnectionTable : IDisposable
{
    /// <summary>The time after which a connection without a request is closed.</summary>
    public const int FirstRequestMilliseconds = 10_000;

    // At the bound, the oldest connection that has not authenticated is closed for a new one, once it has had this long to authenticate.
    private const long LeastAgeMicroseconds = 1_000_000;
    private const int MostClosing = 16;
    private const int SweepMilliseconds = 1_000;

    private readonly ILogger<ConnectionTable> logger;
    private readonly int most;
    private readonly int mostPerAddress;
    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, int> byAddress = [];
    // Oldest first.
    private readonly LinkedList<TrackedConnection> unauthenticated = new();
    private readonly LogThrottle refusals = new();
    private readonly Timer sweep;
    private int total;
    private int closing;
    private long refusedInAll;
    private long refusedByAddress;
    private long closedEarly;
    private long acceptFailures;

    /// <summary>Creates a table with its bounds.</summary>
    /// <param name="most">The connections in total.</param>
    /// <param name="mostPerAddress">The connections of one address that have not authenticated; 0: no bound.</param>
    /// <param name="logger">The logger of refusals, which logs at most one line a second.</param>
    public ConnectionTable(int most, int mostPerAddress, ILogger<ConnectionTable> logger)
    {
        (this.most, this.mostPerAddress, this.logger) = (most, mostPerAddress, logger);
        sweep = new Timer(static state => ((ConnectionTable)state!).Sweep(), this, SweepMilliseconds, SweepMilliseconds);
    }

    /// <summary>The number of open connections.</summary>
    public int Count => Volatile.Read(ref total);

    /// <summary>The number of connections refused by the total bound.</summary>
    public long RefusedInAll => Volatile.Read(ref refusedInAll);

    /// <summary>The number of connections refused by the bound on an address.</summary>
    public long RefusedByAddress => Volatile.Read(ref refusedByAddress);

    /// <summary>The number of connections closed because they sent no request, or to admit another one.</summary>
    public long ClosedEarly => Volatile.Read(ref closedEarly);

    /// <summary>The number of accepts that failed for lack of descriptors or memory.</summary>
    public long AcceptFailures => Volatile.Read(ref acceptFailures);

    /// <summary>Reserves a place for an accepted connection.</summary>
    /// <param name="address">The peer's address, as limits number it.</param>
    /// <param name="isProxy">Whether the peer is a trusted proxy, to which the bound on an address does not apply.</param>
    /// <returns>False: a bound is reached. The connection must be closed at once.</returns>
    public bool TryReserve(UInt128 address, bool isProxy)
    {
        TrackedConnection? evicted = null;
        lock (gate)
        {
            var ofAddress = byAddress.GetValueOrDefault(address);
            if (!isProxy && mostPerAddress > 0 && ofAddress >= mostPerAddress)
            {
                refusedByAddress++;
                return Refused();
            }

            if (total >= most && (evicted = Evict()) is null)
            {
                refusedInAll++;
                return Refused();
            }

            total++;
            byAddress[address] = ofAddress + 1;
        }

        evicted?.Abort();
        return true;
    }

    /// <summary>Adds a connection with a reserved place.</summary>
    public void Add(TrackedConnection connection)
    {
        lock (gate)
            unauthenticated.AddLast(connection.Place);
    }

    /// <summary>Releases a reserved place that no connection uses.</summary>
    public void Release(UInt128 address)
    {
        lock (gate)
        {
            total--;
            Decrement(address);
        }
    }

    /// <summary>Records that a connection has authenticated a request. The bound on an address no longer applies to it.</summary>
    public void Authenticated(TrackedConnection connection)
    {
        lock (gate)
            Leave(connection);
    }

    /// <summary>Removes a connection that has ended. Its descriptor is closed.</summary>
    public void Remove(TrackedConnection connection)
    {
        lock (gate)
        {
            total--;
            if (connection.IsClosing)
                closing--;
            Leave(connection);
        }
    }

    /// <summary>Records a failed accept.</summary>
    public void AcceptFailed(string problem)
    {
        Interlocked.Increment(ref acceptFailures);
        if (refusals.IsDue(Clock.MonotonicMicroseconds(), out var suppressed))
            LogAcceptFailed(problem, suppressed);
    }

    public void Dispose() => sweep.Dispose();

    private bool Refused()
    {
        if (refusals.IsDue(Clock.MonotonicMicroseconds(), out var suppressed))
            LogRefused(suppressed + 1, total, most, mostPerAddress);
        return false;
    }

    // Called under the lock.
    private TrackedConnection? Evict()
    {
        if (closing >= MostClosing)
            return null;
        for (var place = unauthenticated.First; place is not null; place = place.Next)
        {
            if (place.Value.IsClosing)
                continue;
            if (Clock.MonotonicMicroseconds() - place.Value.AcceptedMicroseconds < LeastAgeMicroseconds)
                return null;
            Close(place.Value);
            return place.Value;
        }

        return null;
    }

    private void Close(TrackedConnection connection)
    {
        connection.IsClosing = true;
        closing++;
        closedEarly++;
    }

    private void Sweep()
    {
        List<TrackedConnection> late = [];
        lock (gate)
        {
            var before = Clock.MonotonicMicroseconds() - (FirstRequestMilliseconds * 1_000L);
            foreach (var connection in unauthenticated)
            {
                if (connection.AcceptedMicroseconds > before)
                    break;
                if (!connection.HasRequested && !connection.IsClosing)
                {
                    Close(connection);
                    late.Add(connection);
                }
            }
        }

        foreach (var connection in late)
            connection.Abort();
    }

    private void Leave(TrackedConnection connection)
    {
        if (connection.Place.List is null)
            return;
        unauthenticated.Remove(connection.Place);
        Decrement(connection.Address);
    }

    private void Decrement(UInt128 address)
    {
        var left = byAddress.GetValueOrDefault(address) - 1;
        if (left > 0)
            byAddress[address] = left;
        else
            byAddress.Remove(address);
    }

    [LoggerMessage(
        LogLevel.Warning,
        "{Refused} connections were refused since the last such line; {Open} are open."
        + " The bounds are {Most} in all, and {MostPerAddress} of one address that has not authenticated")]
    private partial void LogRefused(long refused, int open, int most, int mostPerAddress);

    [LoggerMessage(LogLevel.Error, "A connection cannot be accepted ({Suppressed} more since the last such line): {Problem}")]
    private partial void LogAcceptFailed(string problem, long suppressed);
}
