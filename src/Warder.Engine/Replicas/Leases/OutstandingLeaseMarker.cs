using Warder.Core.Time;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Engine.Replicas.Leases;

/// <summary>
/// What outlives a process over an embedded database: that replicas may hold leases from it. Were it killed and begun anew, it would change
/// keys, and return, while they go on answering. Over a shared database the row of the process's epoch says the same.
/// </summary>
internal sealed class OutstandingLeaseMarker(Store store, Journal journal, ReplicaLeaseRegistry leases, Func<NodeRegistration> register)
{
    private readonly Lock gate = new();
    private Task? written;

    /// <summary>Has this process wait for the leases that were granted by the one before.</summary>
    /// <param name="pauseAllowanceMilliseconds">How long a process may have been paused without noticing.</param>
    public void Read(int pauseAllowanceMilliseconds)
    {
        if (!store.IsShared && store.Read(NodeTable.LongestLease) is > 0 and var milliseconds)
            leases.Inherit(Clock.BootMicroseconds() + new Core.Leases.LeaseTerms(milliseconds).WaiterMicroseconds + (pauseAllowanceMilliseconds * 1_000L));
    }

    /// <summary>Ends when the note is durable: nothing is granted before. Written once.</summary>
    /// <exception cref="StorageException">It cannot be written now.</exception>
    public Task WriteAsync()
    {
        if (store.IsShared)
            return Task.CompletedTask;
        lock (gate)
            return written is null or { IsFaulted: true } ? written = SubmitAsync() : written;
    }

    /// <summary>Takes the note away: no replica holds anything.</summary>
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
            // Then the next process waits for nobody, once.
        }
    }

    private Task SubmitAsync() => journal.Submit<int>(context =>
    {
        NodeTable.Note(context.Session, register(), context.Now);
        return 0;
    }, EnvironmentScope.None);
}
