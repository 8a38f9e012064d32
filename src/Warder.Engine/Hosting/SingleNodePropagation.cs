using Warder.Core.Receipts;
using Warder.Engine.Replicas.Leases;
using Warder.Storage.Journal;

namespace Warder.Engine.Hosting;

/// <summary>
/// How a batch comes to be in force where there is one node only: its memory has it already, and the replicas of a scope are waited for.
/// </summary>
internal sealed class SingleNodePropagation(string nodeId, string nodeName, ReplicaLeaseRegistry leases, long sequence) : Propagation
{
    /// <inheritdoc/>
    public override Task InForce(EnvironmentScope scope) => leases.InForce(sequence, scope);

    /// <inheritdoc/>
    public override IReadOnlyList<VerifierLine> Verifiers(int environment)
        => [new VerifierLine(nodeId, nodeName, null, Outcome.Acknowledged), .. leases.Lines(sequence, environment)];
}
