using Warder.Core.Receipts;
using Warder.Storage.Journal;

namespace Warder.Mutants;

/// <summary>
/// The planted bug: a change waits for each node's memory, and for the replicas of another environment instead of its own.
/// </summary>
internal sealed class MisdirectedListener(CommitListener memory) : CommitListener
{
    private static readonly EnvironmentScope Another = new(int.MaxValue);

    public override Propagation Committed(CommittedBatch batch) => new Misdirected(memory.Committed(batch with { Scopes = [Another] }));

    public override Propagation Unchanged() => memory.Unchanged();

    public override void Forget() => memory.Forget();

    public override void Restore() => memory.Restore();

    private sealed class Misdirected(Propagation propagation) : Propagation
    {
        public override Task InForce(EnvironmentScope scope) => propagation.InForce(Another);

        public override IReadOnlyList<VerifierLine> Verifiers(int environment) => propagation.Verifiers(environment);
    }
}
