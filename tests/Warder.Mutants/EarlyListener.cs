using Warder.Storage.Journal;

namespace Warder.Mutants;

/// <summary>The planted bug: a change waits for no verifier.</summary>
internal sealed class EarlyListener(CommitListener memory) : CommitListener
{
    public override Propagation Committed(CommittedBatch batch)
    {
        _ = memory.Committed(batch);
        return Propagation.Done;
    }

    public override void Forget() => memory.Forget();

    public override void Restore() => memory.Restore();
}
