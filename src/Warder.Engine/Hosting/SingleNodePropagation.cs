using Warder.Core.Receipts;
using Warder.Engine.Replicas.Leases;
using Warder.Storage.Journal;

namespace Warder.Engine.Hosting;

/// <summary>
/// The propagation of a batch at a single node: its memory has applied the batch, and the change waits for the replicas of a scope.
/// </summary>
internal sealed class SingleNodePropagation(string nodeId, string nodeName, ReplicaLeaseRegistry leases, long sequence) : Propagation
{
    /// <inheritdoc/>
    public override Task InForce(EnvironmentScope scope) => leases.InForce(sequence, scope);

    /// <inheritdoc/>
    public override IReadOnlyList<VerifierLine> Verifiers(int environment)
        => [new VerifierLine(nodeId, nodeName, null, Outcome.Acknowledged), .. leases.Lines(sequence, environment)];
}
