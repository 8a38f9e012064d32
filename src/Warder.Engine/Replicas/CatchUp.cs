using Warder.Contracts.Replicas;
using Warder.Engine.Replicas.Leases;
using Warder.Storage;

namespace Warder.Engine.Replicas;

/// <summary>What a replica that has just connected has missed.</summary>
internal sealed class CatchUp(Store store, ReplicaLeaseRegistry leases)
{
    // Further behind, it is quicker to begin anew.
    private const int MaxBehind = 20_000;

    // So is what would take more than a part of a connection's bytes. Read in steps: the effects of one event can be as long as a role's
    // permissions.
    private const int MaxEffectsCharacters = 256 * 1024;
    private const int EventsPerRead = 200;
    private const int EventOverheadCharacters = 40;

    private bool isSame;

    /// <summary>
    /// Whether what a replica has applied is of another log than this one. Once it is not, it need not be looked at again.
    /// </summary>
    /// <exception cref="StorageException">It cannot be known now.</exception>
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
    /// The first grant over a connection: with everything since what the replica has applied, or to begin anew where memory is.
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

    // Null: too much of it.
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
