using Warder.Contracts.Replicas;
using Warder.Core.Ids;
using Warder.Core.Time;
using Warder.Engine.Streams;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Engine.Replicas.Leases;

/// <summary>The leases of a node's replicas, by identity.</summary>
/// <remarks>Without a lock of its own: used under <see cref="ReplicaLeaseRegistry"/>'s.</remarks>
/// <param name="quota">What replicas may hold.</param>
/// <param name="stalls">What replicas cost changes.</param>
/// <param name="allowanceMicroseconds">How much of each wait is not charged.</param>
internal sealed class ReplicaLeaseSet(StreamQuota quota, StallTracker stalls, long allowanceMicroseconds)
{
    private readonly Dictionary<string, ReplicaLease> leases = new(StringComparer.Ordinal);

    /// <summary>Every lease, over or not.</summary>
    public IReadOnlyCollection<ReplicaLease> All => leases.Values;

    /// <summary>How many there are.</summary>
    public int Count => leases.Count;

    /// <summary>The lease whose acknowledgements come over a connection; null when there is none.</summary>
    public ReplicaLease? Of(ReplicaStream stream)
        => stream.Identity is { } identity && leases.TryGetValue(identity, out var lease) && lease.Stream == stream ? lease : null;

    /// <summary>The lease of a replica that asks for one, or a new one. Null when there is no room.</summary>
    public ReplicaLease? Find(ReplicaStream stream, LeaseRequest ask, long position, Instant time, long now)
    {
        var identity = stream.Identify(ask);
        if (leases.TryGetValue(identity, out var lease))
            return lease;
        bool HasRoom() => quota.HasRoomForLease(stream.Caller, leases.Keys, leases.Values.Count(each => each.Identity.Environment == stream.Environment));
        if (!HasRoom())
            Forget(now, shown: true);
        if (!HasRoom())
            return null;
        // One id, whichever nodes it follows, so that one can tell it from others in what several of them say.
        var replica = new ReplicaIdentity(Id.Of(IdKind.Replica, identity), ask.Name, stream.Environment, stream.ManagementKeyId);
        lease = new ReplicaLease(replica, time, position, stalls.Take(stream.ManagementKeyId, stream.Environment));
        leases.Add(identity, lease);
        return lease;
    }

    /// <summary>Adds the leases of a process before this one, of which nothing else is known: they count for each environment.</summary>
    public void AddInherited(long untilMicroseconds, Instant time, long now)
    {
        var lease = new ReplicaLease(new ReplicaIdentity("", "a process before this one", EnvironmentScope.All.Number, null), time, 0, stall: null);
        lease.Extend(untilMicroseconds, time);
        lease.TrackUnacked(0, long.MaxValue, now);
        leases.Add("", lease);
    }

    /// <summary>Forgets a lease.</summary>
    public void Remove(string identity, ReplicaLease lease, long now)
    {
        lease.Charge(now, allowanceMicroseconds);
        leases.Remove(identity);
        if (lease.Stall is { } stall)
            stalls.Release(stall);
    }

    /// <summary>
    /// Forgets the leases that are over, of replicas that are not connected; also those that receipts may still have to show, if room is
    /// short.
    /// </summary>
    public void Forget(long now, bool shown)
    {
        foreach (var (identity, lease) in leases)
        {
            if (lease.IsGone(now) && (shown || !lease.IsShown(now)))
                Remove(identity, lease, now);
        }
    }

    /// <summary>Charges management keys with the time that changes have waited so far.</summary>
    public void Charge(long now)
    {
        foreach (var lease in leases.Values)
            lease.Charge(now, allowanceMicroseconds);
    }

    /// <summary>Leaves a time in which the node stood still out of what is charged.</summary>
    public void Excuse(long from, long now)
    {
        foreach (var lease in leases.Values)
            lease.Excuse(from, now);
    }

    /// <summary>Notes what replicas had not applied whose leases are over.</summary>
    public void RecordExpired(long position, long now)
    {
        foreach (var lease in leases.Values)
            lease.RecordExpiredLease(position, now);
    }

    /// <summary>The leases of a scope that may be answered from before an event.</summary>
    public List<ReplicaLease> Behind(long sequence, EnvironmentScope scope, long now)
        => [.. leases.Values.Where(lease => scope.Includes(lease.Identity.Environment) && lease.IsBehind(sequence, now))];

    /// <summary>How far the replicas are that lag.</summary>
    public ReplicaAcks Acks(long now)
        => leases.Count == 0 ? ReplicaAcks.None : ReplicaAcks.Of(leases.Values.Select(lease => (lease.Identity.Environment, lease.AckedOf(now))));

    /// <summary>What receipts of other nodes show of them.</summary>
    public string States(long position, long now) => ReplicaAckState.Write(leases.Values.Select(lease => lease.AckState(position, now)).OfType<ReplicaAckState>());

    /// <summary>When, on the boot clock, the next one is waited for no more; null when none is waited for.</summary>
    public long? NextEndMicroseconds(long now) => leases.Values.Min(lease => lease.NextEndMicroseconds(now));
}
