using Warder.Core.Verification;
using Warder.Storage;
using Warder.Storage.Journal;

namespace Warder.Server.Hosting;

/// <summary>Brings memory in line with what is durable, before any caller is answered.</summary>
/// <param name="node">Whose memory.</param>
/// <param name="late">The planted bug: a little later than that.</param>
internal sealed class MemoryListener(Node node, bool late) : CommitListener
{
    /// <inheritdoc/>
    public override void Committed(CommittedBatch batch)
    {
        if (late)
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Listener.Apply(state.Batch), (Listener: this, Batch: batch), preferLocal: false);
        else
            Apply(batch);
    }

    /// <inheritdoc/>
    public override void OutcomeUnknown()
    {
        // First nothing is known, then only what the store says after the commit that failed: a read that began before it is not kept.
        node.Cache.Flush(node.Cache.Applied);
        node.Authority.Replace([]);
        node.Cache.Flush(node.Store.Read(Log.Head).Sequence);
        node.Reload();
    }

    private void Apply(CommittedBatch batch)
    {
        var reload = false;
        for (var i = 0; i < batch.Events.Count; i++)
        {
            var effects = batch.Events[i].Effects;
            foreach (var effect in effects)
                reload |= effect.Kind is EffectKind.ManagementKey or EffectKind.Environment;
            node.Cache.Apply(batch.FirstSequence + i, effects);
        }

        if (reload)
            node.Reload();
    }
}
