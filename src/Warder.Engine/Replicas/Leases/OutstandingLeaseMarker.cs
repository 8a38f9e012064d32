using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Engine.Nodes;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Engine.Replicas.Leases;

/// <summary>
/// What outlives a process over an embedded database: that replicas may hold leases from it. Were it killed and begun anew, it would change
/// keys, and return, while they go on answering. Over a shared database the row of the process's epoch says the same.
/// </summary>
internal sealed class OutstandingLeaseMarker(Node node)
{
    private readonly Lock gate = new();
    private Task? written;

    /// <summary>Has this process wait for the leases that were granted by the one before.</summary>
    public void Read()
    {
        if (!node.Store.IsShared && node.Store.Read(NodeTable.LongestLease) is > 0 and var milliseconds)
            node.ReplicaLeases.Inherit(Clock.BootMicroseconds() + new Core.Leases.LeaseTerms(milliseconds).WaiterMicroseconds + (node.Options.PauseAllowanceMilliseconds * 1_000L));
    }

    /// <summary>Ends when the note is durable: nothing is granted before. Written once.</summary>
    /// <exception cref="StorageException">It cannot be written now.</exception>
    public Task WriteAsync()
    {
        if (node.Store.IsShared)
            return Task.CompletedTask;
        lock (gate)
            return written is null or { IsFaulted: true } ? written = SubmitAsync() : written;
    }

    /// <summary>Takes the note away: no replica holds anything.</summary>
    public void Clear()
    {
        if (node.Store.IsShared)
            return;
        try
        {
            node.Journal.Submit<int>(static context =>
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

    private Task SubmitAsync() => node.Journal.Submit<int>(context =>
    {
        NodeTable.Note(context.Session, node.Options.Registration(node.Id, ClusterMember.NewEpoch(node.Entropy)), context.Now);
        return 0;
    }, EnvironmentScope.None);
}
