using Warder.Core.Leases;
using Warder.Core.Receipts;
using Warder.Engine.Hosting;
using Warder.Engine.Replicas.Leases;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Engine.Nodes;

/// <summary>
/// One batch that is durable and not yet in force everywhere: the nodes, and the environments' replicas, that may still answer from before
/// it.
/// </summary>
/// <remarks>Each scope of the batch comes to be in force by itself: a replica of one environment delays no change of another.</remarks>
internal sealed class ClusterPropagation : Propagation
{
    private readonly Lock gate = new();
    private readonly Dictionary<EnvironmentScope, TaskCompletionSource> scopes;
    private readonly List<Peer> peers;

    public ClusterPropagation(CommittedBatch batch, long sinceMicroseconds, long allowanceMicroseconds)
    {
        (Sequence, IsNotified, SinceMicroseconds) = (batch.Head.Sequence, batch.IsNotified, sinceMicroseconds);
        // Continuations must never run on the barrier's thread.
        scopes = batch.Scopes.ToDictionary(
            static scope => scope, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        peers =
        [
            .. batch.Nodes.OrderBy(static node => node.Id, StringComparer.Ordinal).Select(
                node => new Peer(
                    node, sinceMicroseconds + new LeaseTerms(node.LeaseMilliseconds).WaiterMicroseconds + allowanceMicroseconds)),
        ];
    }

    /// <summary>The id of the node that waits, and the leases of its replicas, which it knows itself.</summary>
    public (string Id, ReplicaLeaseRegistry Leases)? Own { get; init; }

    /// <summary>The last event of the batch.</summary>
    public long Sequence { get; }

    /// <summary>Whether the other nodes were woken with the commit.</summary>
    public bool IsNotified { get; }

    /// <summary>The start of the wait, on the monotonic clock.</summary>
    public long SinceMicroseconds { get; }

    /// <summary>The scopes that are not complete.</summary>
    public IReadOnlyList<EnvironmentScope> Open
        => [.. scopes.Where(static each => !each.Value.Task.IsCompleted).Select(static each => each.Key)];

    /// <summary>Whether every scope is complete.</summary>
    public bool IsOver => scopes.Values.All(static completion => completion.Task.IsCompleted);

    /// <inheritdoc/>
    public override Task InForce(EnvironmentScope scope) => scopes[scope].Task;

    /// <summary>Completes the wait of a scope's callers.</summary>
    public void Complete(EnvironmentScope scope) => scopes[scope].TrySetResult();

    /// <summary>Whether no node, and no replica of a scope, can answer from before the batch.</summary>
    public bool IsPast(EnvironmentScope scope)
    {
        lock (gate)
            return peers.TrueForAll(peer => peer.IsPast(scope, Sequence));
    }

    /// <summary>Applies the acknowledgements of nodes.</summary>
    /// <param name="acknowledged">
    /// The pair of each epoch that is not fenced, each read from one version of its row. An epoch that is missing is fenced or gone: its
    /// lease, and those of its replicas, are over.
    /// </param>
    public void MarkAcked(Dictionary<long, NodeAcks> acknowledged)
    {
        lock (gate)
        {
            foreach (var peer in peers)
                peer.MarkAcked(acknowledged.GetValueOrDefault(peer.Node.Epoch), Sequence);
        }
    }

    /// <summary>
    /// Applies the acknowledgements of this node's own memory and replicas. They do not cover an earlier epoch of this node.
    /// </summary>
    public void MarkOwnAcked(long epoch, NodeAcks acks)
    {
        lock (gate)
            peers.Find(peer => peer.Node.Epoch == epoch)?.MarkAcked(acks, Sequence);
    }

    /// <summary>
    /// Lists the epochs that have not acknowledged the batch, and that must have lost their own leases from before it. Where only a replica
    /// of a node has not acknowledged, the time alone suffices, and the node is not fenced.
    /// </summary>
    public List<long> Overdue(long nowMicroseconds)
    {
        lock (gate)
        {
            foreach (var peer in peers.Where(peer => peer.Outcome == Outcome.Acknowledged && nowMicroseconds >= peer.EndMicroseconds))
                peer.ReplicasAreOver = true;
            return
            [
                .. peers.Where(peer => peer.Outcome == Outcome.Waiting && nowMicroseconds >= peer.EndMicroseconds)
                    .Select(static peer => peer.Node.Epoch),
            ];
        }
    }

    /// <summary>Returns the node of an epoch of this batch.</summary>
    public RegisteredNode NodeOf(long epoch)
    {
        lock (gate)
            return peers.Find(peer => peer.Node.Epoch == epoch)!.Node;
    }

    /// <summary>Records how an overdue epoch came to be past the batch.</summary>
    public void Expire(long epoch, Outcome outcome)
    {
        lock (gate)
            peers.Find(peer => peer.Node.Epoch == epoch)!.Outcome = outcome;
    }

    /// <summary>Determines whether other nodes have, or may have had, replicas in a scope that a receipt must name.</summary>
    public bool NeedsStates(EnvironmentScope scope)
    {
        lock (gate)
            return peers.Exists(peer => !IsOwn(peer) && peer.MayHaveReplicas(scope.Number));
    }

    /// <summary>Applies the states that other nodes have published of their replicas.</summary>
    public void Take(Dictionary<long, List<ReplicaAckState>> states)
    {
        lock (gate)
            peers.ForEach(peer => peer.States = states.GetValueOrDefault(peer.Node.Epoch) ?? []);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<VerifierLine> Verifiers(int environment)
    {
        lock (gate)
            return [.. peers.GroupBy(static peer => peer.Node.Id, StringComparer.Ordinal).SelectMany(of => Lines([.. of], environment))];
    }

    private bool IsOwn(Peer peer) => Own is { } own && string.Equals(peer.Node.Id, own.Id, StringComparison.Ordinal);

    // A node may have two registrations: a retired one, which stays until the leases of its replicas are over, and its successor. A receipt
    // shows them as one verifier.
    private IEnumerable<VerifierLine> Lines(List<Peer> registrations, int environment)
    {
        var (id, name) = (registrations[0].Node.Id, registrations[0].Node.Name);
        var outcome = registrations.MinBy(static each => each.Outcome)!.Outcome;
        if (IsOwn(registrations[0]))
        {
            // The node's own memory is past the batch once it has applied it, even while its replicas have not acknowledged.
            outcome = outcome == Outcome.Waiting && Own!.Value.Leases.Position.Sequence >= Sequence ? Outcome.Acknowledged : outcome;
            return [new VerifierLine(id, name, null, outcome), .. Own!.Value.Leases.Lines(Sequence, environment)];
        }

        var replicas = registrations.SelectMany(each => each.States.Where(state => state.Environment == environment)
            .Select(state => state.At(Sequence, id)).OfType<VerifierLine>().Select(
                line => line with { Outcome = each.Within(line.Outcome, environment, Sequence) }));
        return [new VerifierLine(id, name, null, outcome), .. replicas.DistinctBy(static line => line.Id, StringComparer.Ordinal)];
    }

    private sealed class Peer(RegisteredNode node, long endMicroseconds)
    {
        private ReplicaAcks? replicas;

        public RegisteredNode Node { get; } = node;

        public long EndMicroseconds { get; } = endMicroseconds;

        /// <summary>How the node's own memory came to be past the batch.</summary>
        public Outcome Outcome { get; set; }

        /// <summary>Whether every lease that a replica held from before the batch is over.</summary>
        public bool ReplicasAreOver { get; set; }

        public List<ReplicaAckState> States { get; set; } = [];

        public void MarkAcked(NodeAcks? acks, long sequence)
        {
            if (Outcome is not (Outcome.Waiting or Outcome.Acknowledged))
                return;
            if (acks is null)
            {
                Outcome = Outcome == Outcome.Waiting ? Outcome.LeaseRanOut : Outcome;
                ReplicasAreOver = true;
            }
            else if (acks.Applied >= sequence)
            {
                (Outcome, replicas) = (Outcome.Acknowledged, acks.Replicas);
            }
        }

        public bool IsPast(EnvironmentScope scope, long sequence)
            => Outcome != Outcome.Waiting && (Outcome != Outcome.Acknowledged || ReplicasAreOver || replicas!.Have(scope, sequence));

        public bool MayHaveReplicas(int environment) => Outcome != Outcome.Acknowledged || replicas!.Concern(environment);

        // The leases of replicas are within their node's lease: its end ends theirs, and its renewal could renew theirs. So the outcome of
        // a node that did not acknowledge applies to its replicas, except to those with an expired lease.
        public Outcome Within(Outcome replica, int environment, long sequence)
        {
            if (Outcome == Outcome.RenewedPast)
                return replica == Outcome.LeaseRanOut ? replica : Outcome;
            if (Outcome != Outcome.Acknowledged)
                return Outcome;
            var isBehind = replicas?.Have(new EnvironmentScope(environment), sequence) == false;
            return ReplicasAreOver && replica == Outcome.Acknowledged && isBehind ? Outcome.LeaseRanOut : replica;
        }
    }
}
