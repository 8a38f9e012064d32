using Warder.Storage;
using Warder.Storage.Journal;

namespace Warder.Engine.Hosting;

/// <summary>Applies durable changes to memory, before any caller is answered.</summary>
/// <param name="node">The node that owns the memory.</param>
internal sealed class MemoryListener(Node node) : CommitListener
{
    /// <inheritdoc/>
    public override Propagation Committed(CommittedBatch batch)
    {
        var committedAt = node.Clock.Now();
        var events = batch.Numbered();
        foreach (var each in events)
            node.Cache.Apply(each.Sequence, each.CacheDeltas);
        if (events.Any(static each => each.ConcernsManagement))
            node.Reload();
        node.ReplicaLeases.Publish(events, batch.Head);
        return new SingleNodePropagation(node.Id, node.Options.Name, node.ReplicaLeases, batch.Head.Sequence) { CommittedAt = committedAt };
    }

    /// <inheritdoc/>
    public override Propagation Unchanged() => new SingleNodePropagation(node.Id, node.Options.Name, node.ReplicaLeases, node.ReplicaLeases.Position.Sequence);

    /// <inheritdoc/>
    public override void Forget()
    {
        node.Authority.Suspend();
        node.Cache.Flush(node.Cache.Applied);
    }

    /// <inheritdoc/>
    public override void Restore()
    {
        // A read that began before the failed commit must not be kept, whether that commit took effect or not.
        node.BeginAt(node.Store.Read(Log.Head));
        node.Reload();
    }
}
