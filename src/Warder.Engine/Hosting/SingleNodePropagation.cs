using Warder.Core.Receipts;
using Warder.Storage.Journal;

namespace Warder.Engine.Hosting;

/// <summary>
/// How a batch comes to be in force where there is one node only: its memory has it already, and the replicas of a scope are waited for.
/// </summary>
internal sealed class SingleNodePropagation(Node node, long sequence) : Propagation
{
    /// <inheritdoc/>
    public override Task InForce(EnvironmentScope scope) => node.ReplicaLeases.InForce(sequence, scope);

    /// <inheritdoc/>
    public override IReadOnlyList<VerifierLine> Verifiers(int environment)
        => [new VerifierLine(node.Id, node.Options.Name, null, Outcome.Acknowledged), .. node.ReplicaLeases.Lines(sequence, environment)];
}
