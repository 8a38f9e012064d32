using Warder.Core.Receipts;
using Warder.Storage.Journal;

namespace Warder.Server.Hosting;

/// <summary>How a batch comes to be in force where there is one node only: that has it already, and its replicas are waited for.</summary>
internal sealed class OwnPropagation(Node node, long sequence) : Propagation
{
    /// <inheritdoc/>
    public override Task Completed { get; } = node.ReplicaLeases.InForce(sequence);

    /// <inheritdoc/>
    public override IReadOnlyList<VerifierLine> Verifiers(int environment)
        => [new VerifierLine(node.Id, node.Options.Name, null, Outcome.Acknowledged), .. node.ReplicaLeases.Lines(sequence, environment)];
}
