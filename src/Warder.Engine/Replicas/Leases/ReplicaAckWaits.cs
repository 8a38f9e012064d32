using Warder.Storage.Journal;

namespace Warder.Engine.Replicas.Leases;

/// <summary>The changes of an embedded database that wait for replicas.</summary>
/// <remarks>Without a lock of its own: used under the lock of <see cref="ReplicaLeaseRegistry"/>.</remarks>
internal sealed class ReplicaAckWaits
{
    private readonly List<ReplicaAckWait> waits = [];

    /// <summary>Returns a task that completes when none of these leases is behind an event any more.</summary>
    public Task Add(long sequence, EnvironmentScope scope, List<ReplicaLease> missing)
    {
        if (missing.Count == 0)
            return Task.CompletedTask;
        var wait = new ReplicaAckWait(sequence, scope) { Missing = missing };
        waits.Add(wait);
        return wait.Task;
    }

    /// <summary>Ends the waits for a lease that is no longer behind their events.</summary>
    public void MarkAcked(ReplicaLease lease, long now)
        => waits.RemoveAll(wait => !lease.IsBehind(wait.Sequence, now) && wait.Missing.Remove(lease) && IsOver(wait));

    /// <summary>Ends the waits for leases that are over. The connection of such a replica is aborted, so that it connects again.</summary>
    public void Expire(long now)
    {
        var over = waits.SelectMany(static wait => wait.Missing).Distinct().Where(lease => now >= lease.UntilMicroseconds).ToList();
        foreach (var lease in over)
            lease.Stream?.Abort();
        waits.RemoveAll(wait =>
        {
            wait.Missing.RemoveAll(lease => !lease.IsBehind(wait.Sequence, now));
            return IsOver(wait);
        });
    }

    private static bool IsOver(ReplicaAckWait wait)
    {
        if (wait.Missing.Count > 0)
            return false;
        wait.End();
        return true;
    }
}
