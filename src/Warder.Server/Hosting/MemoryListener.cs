using Warder.Storage;
using Warder.Storage.Journal;

namespace Warder.Server.Hosting;

/// <summary>Brings memory in line with what is durable, before any caller is answered.</summary>
/// <param name="node">Whose memory.</param>
internal sealed class MemoryListener(Node node) : CommitListener
{
    /// <inheritdoc/>
    public override Task Committed(CommittedBatch batch)
    {
        var reload = false;
        for (var i = 0; i < batch.Events.Count; i++)
        {
            var effects = batch.Events[i].Effects;
            foreach (var effect in effects)
                reload |= effect.ConcernsManagement;
            node.Cache.Apply(batch.FirstSequence + i, effects);
        }

        if (reload)
            node.Reload();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Forget()
    {
        node.Authority.Suspend();
        node.Cache.Flush(node.Cache.Applied);
    }

    /// <inheritdoc/>
    public override void Restore()
    {
        // A read that began before the failed commit must not be kept, whatever became of that.
        node.Cache.Flush(node.Store.Read(Log.Head).Sequence);
        node.Reload();
    }
}
