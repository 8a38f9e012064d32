using Warder.Core.Time;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Engine.Replicas.Leases;

/// <summary>
/// Records durably, in an embedded database, that replicas may hold leases from this process. Without the record, a process that is killed
/// and restarted would change keys, and return, while those replicas still answer from memory. In a shared database, the row of the
/// process's epoch has this role.
/// </summary>
internal sealed class OutstandingLeaseMarker(Store store, Journal journal, ReplicaLeaseRegistry leases, Func<NodeRegistration> register)
{
    private readonly Lock gate = new();
    private Task? written;

    /// <summary>Makes this process wait for the leases that the previous process granted.</summary>
    /// <param name="pauseAllowanceMilliseconds">The longest time that a process may be paused without noticing.</param>
    public void Read(int pauseAllowanceMilliseconds)
    {
        if (!store.IsShared && store.Read(NodeTable.LongestLease) is > 0 and var milliseconds)
            leases.Inherit(
                Clock.BootMicroseconds() + new Core.Leases.LeaseTerms(milliseconds).WaiterMicroseconds
                    + (pauseAllowanceMilliseconds * 1_000L));
    }

    /// <summary>Writes the marker, once. The task completes when it is durable; no lease is granted before.</summary>
    /// <exception cref="StorageException">The marker cannot be written now.</exception>
    public Task WriteAsync()
    {
        if (store.IsShared)
            return Task.CompletedTask;
        lock (gate)
            return written is null or { IsFaulted: true } ? written = SubmitAsync() : written;
    }

    /// <summary>Removes the marker: no replica holds a lease.</summary>
    public void Clear()
    {
        if (store.IsShared)
            return;
        try
        {
            journal.Submit<int>(static context =>
            {
                NodeTable.Clear(context.Session);
                return 0;
            }, EnvironmentScope.None).GetAwaiter().GetResult();
        }
        catch (StorageException)
        {
            // The marker stays: the next process waits for a lease that does not exist, once.
        }
    }

    private Task SubmitAsync() => journal.Submit<int>(context =>
    {
        NodeTable.Note(context.Session, register(), context.Now);
        return 0;
    }, EnvironmentScope.None);
}
