using Warder.Core.Ids;
using Warder.Core.Time;
using Warder.Engine.Streams;
using Warder.Protocol;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Engine.Replicas.Leases;

/// <summary>The leases of a node's replicas, by identity.</summary>
/// <remarks>Without a lock of its own: used under the lock of <see cref="ReplicaLeaseRegistry"/>.</remarks>
/// <param name="quota">The bounds on leases.</param>
/// <param name="stalls">The stalls that waits are charged to.</param>
/// <param name="allowanceMicroseconds">The part of each wait that is not charged.</param>
internal sealed class ReplicaLeaseSet(StreamQuota quota, StallTracker stalls, long allowanceMicroseconds)
{
    private readonly Dictionary<string, ReplicaLease> leases = new(StringComparer.Ordinal);

    /// <summary>Every lease, over or not.</summary>
    public IReadOnlyCollection<ReplicaLease> All => leases.Values;

    /// <summary>The number of leases.</summary>
    public int Count => leases.Count;

    /// <summary>Finds the lease of the replica that acknowledges over a connection.</summary>
    /// <returns>Null: there is none.</returns>
    public ReplicaLease? Of(ReplicaStream stream)
        => stream.Identity is { } identity && leases.TryGetValue(identity, out var lease) && lease.Stream == stream ? lease : null;

    /// <summary>Finds or adds the lease of a replica that requests one.</summary>
    /// <returns>Null: there is no room.</returns>
    public ReplicaLease? Find(ReplicaStream stream, LeaseRequest request, long position, Instant time, long now)
    {
        var identity = stream.Identify(request);
        if (leases.TryGetValue(identity, out var lease))
            return lease;
        bool HasRoom() => quota.HasRoomForLease(
            stream.Caller, leases.Keys, leases.Values.Count(each => each.Identity.Environment == stream.Environment));
        if (!HasRoom())
            Forget(now, shown: true);
        if (!HasRoom())
            return null;
        // A replica has one id at all nodes that it follows, so that receipts and lists of several nodes identify it.
        var replica = new ReplicaIdentity(Id.Of(IdKind.Replica, identity), request.Name, stream.Environment, stream.ManagementKeyId);
        lease = new ReplicaLease(replica, time, position, stalls.Take(stream.ManagementKeyId, stream.Environment));
        leases.Add(identity, lease);
        return lease;
    }

    /// <summary>Adds the leases of a previous process. Their environments are not known, so they count for each environment.</summary>
    public void AddInherited(long untilMicroseconds, Instant time, long now)
    {
        var lease = new ReplicaLease(
            new ReplicaIdentity("", "a process before this one", EnvironmentScope.All.Number, null), time, 0, stall: null);
        lease.Extend(untilMicroseconds, time);
        lease.TrackUnacked(0, long.MaxValue, now);
        leases.Add("", lease);
    }

    /// <summary>Removes a lease.</summary>
    public void Remove(string identity, ReplicaLease lease, long now)
    {
        lease.Charge(now, allowanceMicroseconds);
        leases.Remove(identity);
        if (lease.Stall is { } stall)
            stalls.Release(stall);
    }

    /// <summary>
    /// Removes the leases that are over, of replicas that are not connected. With <paramref name="shown"/>, used when room is short, this
    /// includes leases that receipts may still have to show.
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

    /// <summary>Excludes a time in which the node stood still from all charges.</summary>
    public void Excuse(long from, long now)
    {
        foreach (var lease in leases.Values)
            lease.Excuse(from, now);
    }

    /// <summary>Records the unapplied events of replicas after the end of their leases.</summary>
    public void RecordExpired(long position, long now)
    {
        foreach (var lease in leases.Values)
            lease.RecordExpiredLease(position, now);
    }

    /// <summary>Returns the leases of a scope under which a replica may answer from before an event.</summary>
    public List<ReplicaLease> Behind(long sequence, EnvironmentScope scope, long now)
        => [.. leases.Values.Where(lease => scope.Includes(lease.Identity.Environment) && lease.IsBehind(sequence, now))];

    /// <summary>Returns the positions of the replicas that lag.</summary>
    public ReplicaAcks Acks(long now)
        => leases.Count == 0
            ? ReplicaAcks.None
            : ReplicaAcks.Of(leases.Values.Select(lease => (lease.Identity.Environment, lease.AckedOf(now))));

    /// <summary>Writes the states that receipts of other nodes show of the replicas.</summary>
    public string States(long position, long now)
        => ReplicaAckState.Write(leases.Values.Select(lease => lease.AckState(position, now)).OfType<ReplicaAckState>());

    /// <summary>Returns the time, on the boot clock, at which the next wait for a replica ends.</summary>
    /// <returns>Null: no replica is awaited.</returns>
    public long? NextEndMicroseconds(long now) => leases.Values.Min(lease => lease.NextEndMicroseconds(now));
}
