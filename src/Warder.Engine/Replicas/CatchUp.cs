using Warder.Engine.Replicas.Leases;
using Warder.Protocol;
using Warder.Storage;

namespace Warder.Engine.Replicas;

/// <summary>Reads the events that a newly connected replica has missed, and composes its first lease grant.</summary>
internal sealed class CatchUp(Store store, ReplicaLeaseRegistry leases)
{
    // A replica that is further behind starts over with an empty cache, which is faster than sending the events.
    private const int MaxBehind = 20_000;

    // A replica also starts over when the deltas exceed this share of a connection's bytes. The events are read in steps, because the
    // deltas of one event can be as long as a role's permissions.
    private const int MaxEffectsCharacters = 256 * 1024;
    private const int EventsPerRead = 200;
    private const int EventOverheadCharacters = 40;

    private bool isSame;

    /// <summary>Determines whether a replica's position belongs to a log other than this one.</summary>
    /// <remarks>The result is read from the store once: after a match, the method returns false without a read.</remarks>
    /// <exception cref="StorageException">The log cannot be read.</exception>
    public bool IsAnotherLog(LogPlace? has)
    {
        if (isSame || has is not { Sequence: > 0 } || leases.Position.Is(new LogPosition(has.Sequence, has.Hash)))
        {
            isSame = true;
            return false;
        }

        var hash = store.Read(session => Log.HashAt(session, has.Sequence));
        isSame = hash is not null && hash.AsSpan().SequenceEqual(has.Hash);
        return !isSame;
    }

    /// <summary>
    /// Composes the first grant over a connection: with all events after the replica's position, or with a reset to the position of memory.
    /// </summary>
    /// <exception cref="StorageException">The log cannot be read.</exception>
    public byte[] Grant(LeaseReservation reservation, LogPlace? has, int environment)
    {
        var position = reservation.Position.Sequence;
        if (has is not { Sequence: > 0 } || position - has.Sequence > MaxBehind)
            return leases.Grants.Write(reservation, environment, position, [], reset: true);
        if (has.Sequence == position)
            return leases.Grants.Write(reservation, environment, position, [], reset: false);
        return Missed(has.Sequence, position, environment) is { } missed
            ? leases.Grants.Write(reservation, environment, has.Sequence, missed, reset: false)
            : leases.Grants.Write(reservation, environment, position, [], reset: true);
    }

    // Returns null if the events exceed the bound.
    private List<LoggedCacheDeltas>? Missed(long after, long until, int environment)
    {
        var missed = new List<LoggedCacheDeltas>();
        for (var characters = 0; after < until;)
        {
            var step = (int)Math.Min(EventsPerRead, until - after);
            var events = store.Read(session => Log.Tail(session, after, step)).Events;
            if (events.Count != step || events[^1].Sequence != after + step)
                throw new StorageException(StorageFaultKind.Unavailable, "The log has a hole.");
            var concerning = ReplicaDelta.For(environment, events);
            missed.AddRange(concerning);
            characters += concerning.Sum(static each => each.CacheDeltas.Length + EventOverheadCharacters);
            if (characters > MaxEffectsCharacters)
                return null;
            after += step;
        }

        return missed;
    }
}
