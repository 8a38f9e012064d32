using Warder.Storage.Journal;

namespace Warder.Mutants;

/// <summary>The planted bug: memory is told of a change a few milliseconds after its caller was answered.</summary>
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
