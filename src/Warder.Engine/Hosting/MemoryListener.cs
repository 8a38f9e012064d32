using Warder.Core.Time;
using Warder.Engine.Nodes;
using Warder.Engine.Replicas.Leases;
using Warder.Storage;
using Warder.Storage.Journal;

namespace Warder.Engine.Hosting;

/// <summary>Applies durable changes to memory, before any caller is answered.</summary>
internal sealed class MemoryListener(NodeMemory memory, ReplicaLeaseRegistry leases, NodeIdentity identity, Clock clock) : CommitListener
{
    /// <inheritdoc/>
    public override Propagation Committed(CommittedBatch batch)
    {
        var committedAt = clock.Now();
        var events = batch.Numbered();
        memory.Apply(events);
        if (events.Any(static each => each.ConcernsManagement))
            memory.Reload();
        leases.Publish(events, batch.Head);
        return new SingleNodePropagation(identity, leases, batch.Head.Sequence) { CommittedAt = committedAt };
    }

    /// <inheritdoc/>
    public override Propagation Unchanged() => new SingleNodePropagation(identity, leases, leases.Position.Sequence);

    /// <inheritdoc/>
    public override void Forget() => memory.Forget();

    /// <inheritdoc/>
    /// <remarks>A read that began before the failed commit must not be kept, whether that commit took effect or not.</remarks>
    public override void Restore() => memory.BeginAtHead();
}
