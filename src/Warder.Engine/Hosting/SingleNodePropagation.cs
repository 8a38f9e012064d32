using Warder.Core.Receipts;
using Warder.Engine.Nodes;
using Warder.Engine.Replicas.Leases;
using Warder.Storage.Journal;

namespace Warder.Engine.Hosting;

/// <summary>
/// The propagation of a batch at a single node: its memory has applied the batch, and the change waits for the replicas of a scope.
/// </summary>
internal sealed class SingleNodePropagation(NodeIdentity identity, ReplicaLeaseRegistry leases, long sequence) : Propagation
{
    /// <inheritdoc/>
    public override Task InForce(EnvironmentScope scope) => leases.InForce(sequence, scope);

    /// <inheritdoc/>
    public override IReadOnlyList<VerifierLine> Verifiers(int environment)
        => [new VerifierLine(identity.Id, identity.Options.Name, null, Outcome.Acknowledged), .. leases.Lines(sequence, environment)];
}
