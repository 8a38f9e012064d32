using Warder.Storage.Journal;

namespace Warder.Mutants;

/// <summary>The planted bug: memory applies a change a few milliseconds after its caller got the answer.</summary>
internal sealed class LateListener(CommitListener memory) : CommitListener
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(5);

    public override Propagation Committed(CommittedBatch batch)
    {
        _ = Task.Delay(Late).ContinueWith(_ => memory.Committed(batch), TaskScheduler.Default);
        return Propagation.Done;
    }

    public override void Forget() => memory.Forget();

    public override void Restore() => memory.Restore();
}
