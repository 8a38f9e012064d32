using System.Net;
using Microsoft.Extensions.Logging;
using Warder.Core.Time;
using Warder.Engine.Telemetry;
using Warder.Server.Telemetry;

namespace Warder.Server.Connections;

/// <summary>
/// All connections, and the bounds on them: in all, and by address for those that have not authenticated a request. A connection is counted
/// from its accept until its descriptor is closed; upgraded ones too. Without the bounds, a client that opens connections takes the
/// descriptors of the database.
/// </summary>
/// <remarks>
/// Thread-safe. The lock is taken when a connection begins, authenticates for the first time, and ends: never for a request.
/// </remarks>
internal sealed partial class ConnectionTable : IDisposable
{
    /// <summary>A connection without a request is closed after so long.</summary>
    public const int FirstRequestMilliseconds = 10_000;

    // At the bound, the oldest connection that has not authenticated gives way to a new one; each has so long to authenticate first.
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

    /// <param name="most">Connections in all.</param>
    /// <param name="mostPerAddress">Connections of one address that have not authenticated; 0: no bound.</param>
    /// <param name="logger">Where refusals are reported, once a second at most.</param>
    public ConnectionTable(int most, int mostPerAddress, ILogger<ConnectionTable> logger)
    {
        (this.most, this.mostPerAddress, this.logger) = (most, mostPerAddress, logger);
        sweep = new Timer(static state => ((ConnectionTable)state!).Sweep(), this, SweepMilliseconds, SweepMilliseconds);
    }

    /// <summary>Open connections.</summary>
    public int Count => Volatile.Read(ref total);

    /// <summary>Connections that were refused because of the bound in all.</summary>
    public long RefusedInAll => Volatile.Read(ref refusedInAll);

    /// <summary>Connections that were refused because of the bound by address.</summary>
    public long RefusedByAddress => Volatile.Read(ref refusedByAddress);

    /// <summary>Connections that were closed because they sent no request, or in favour of another one.</summary>
    public long ClosedEarly => Volatile.Read(ref closedEarly);

    /// <summary>Accepts that failed for want of descriptors or memory.</summary>
    public long AcceptFailures => Volatile.Read(ref acceptFailures);

    /// <summary>Counts a connection that was accepted, unless a bound is reached: then it must be closed at once.</summary>
    /// <param name="address">The peer's address, as limits know it.</param>
    /// <param name="isProxy">Whether the peer is a trusted proxy, to which the bound by address does not apply.</param>
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

    /// <summary>Takes a connection whose place was reserved.</summary>
    public void Add(TrackedConnection connection)
    {
        lock (gate)
            unauthenticated.AddLast(connection.Place);
    }

    /// <summary>Gives a place back that no connection came to take.</summary>
    public void Release(UInt128 address)
    {
        lock (gate)
        {
            total--;
            Decrement(address);
        }
    }

    /// <summary>A connection has authenticated a request: the bound by address is not for it any more.</summary>
    public void Authenticated(TrackedConnection connection)
    {
        lock (gate)
            Leave(connection);
    }

    /// <summary>A connection has ended, and its descriptor is closed.</summary>
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

    /// <summary>An accept failed.</summary>
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

    // Under the lock.
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
        "{Refused} connections were refused since the last such line; {Open} are open. The bounds are {Most} in all, and {MostPerAddress} of one address that has not authenticated")]
    private partial void LogRefused(long refused, int open, int most, int mostPerAddress);

    [LoggerMessage(LogLevel.Error, "A connection cannot be accepted ({Suppressed} more since the last such line): {Problem}")]
    private partial void LogAcceptFailed(string problem, long suppressed);
}
