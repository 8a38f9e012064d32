using Warder.Core.Leases;
using Warder.Core.Receipts;
using Warder.Server.Hosting;
using Warder.Server.Replicas.Leases;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Server.Nodes;

/// <summary>One batch that is durable and not yet in force everywhere: who may still answer from before it.</summary>
internal sealed class Wait : Propagation
{
    private readonly Lock gate = new();
    // Those who wait must never run on the thread that waits for them.
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Peer> peers;

    public Wait(CommittedBatch batch, long sinceMicroseconds, long allowanceMicroseconds)
    {
        (Sequence, IsTold, SinceMicroseconds) = (batch.Head.Sequence, batch.IsTold, sinceMicroseconds);
        peers =
        [
            .. batch.Nodes.OrderBy(static node => node.Id, StringComparer.Ordinal).Select(
                node => new Peer(node, sinceMicroseconds + new LeaseTerms(node.LeaseMilliseconds).WaiterMicroseconds + allowanceMicroseconds)),
        ];
    }

    /// <summary>The node that waits: it knows its own replicas.</summary>
    public Node? Own { get; init; }

    /// <summary>The last event of the batch.</summary>
    public long Sequence { get; }

    /// <summary>Whether those it waits for were woken with the commit.</summary>
    public bool IsTold { get; }

    /// <summary>Since when.</summary>
    public long SinceMicroseconds { get; }

    /// <inheritdoc/>
    public override Task Completed => completion.Task;

    /// <summary>Whether nobody is left.</summary>
    public bool IsOver
    {
        get
        {
            lock (gate)
                return peers.TrueForAll(static peer => peer.Outcome != Outcome.Waiting);
        }
    }

    /// <summary>Whether other nodes have replicas of whom a receipt must say something, or may have had.</summary>
    public bool NeedsNotes
    {
        get
        {
            lock (gate)
                return peers.Exists(static peer => peer is { HasReplicas: true, Notes.Count: 0 });
        }
    }

    /// <summary>Strikes out who has acknowledged it, and who is fenced or gone.</summary>
    /// <param name="acknowledged">What each epoch that is not fenced has acknowledged.</param>
    public void Strike(Dictionary<long, Acknowledgement> acknowledged)
    {
        lock (gate)
        {
            foreach (var peer in peers.Where(static peer => peer.Outcome == Outcome.Waiting))
            {
                if (!acknowledged.TryGetValue(peer.Node.Epoch, out var its))
                    (peer.Outcome, peer.HasReplicas) = (Outcome.LeaseRanOut, true);
                else if (its.Sequence >= Sequence)
                    (peer.Outcome, peer.HasReplicas) = (Outcome.Acknowledged, its.HasReplicas);
            }
        }
    }

    /// <summary>Strikes out this node's own epoch: its memory, and its replicas', are known to have the batch.</summary>
    public void StrikeOwn(long epoch)
    {
        lock (gate)
        {
            if (peers.Find(peer => peer.Node.Epoch == epoch) is { } own)
                (own.Outcome, own.HasReplicas) = (Outcome.Acknowledged, false);
        }
    }

    /// <summary>Those whose leases from before the batch must be over.</summary>
    public List<long> Overdue(long nowMicroseconds)
    {
        lock (gate)
            return [.. peers.Where(peer => peer.Outcome == Outcome.Waiting && nowMicroseconds >= peer.EndMicroseconds).Select(static peer => peer.Node.Epoch)];
    }

    /// <summary>Strikes out one that is overdue.</summary>
    public void Expire(long epoch, Outcome outcome)
    {
        lock (gate)
        {
            var peer = peers.Find(peer => peer.Node.Epoch == epoch)!;
            (peer.Outcome, peer.HasReplicas) = (outcome, true);
        }
    }

    /// <summary>Takes what other nodes have noted of their replicas.</summary>
    public void Take(Dictionary<long, List<ReplicaAckState>> notes)
    {
        lock (gate)
        {
            foreach (var peer in peers.Where(static peer => peer.HasReplicas))
                peer.Notes = notes.GetValueOrDefault(peer.Node.Epoch) ?? [];
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<VerifierLine> Verifiers(int environment)
    {
        lock (gate)
            return [.. peers.GroupBy(static peer => peer.Node.Id, StringComparer.Ordinal).SelectMany(of => Lines([.. of], environment))];
    }

    /// <summary>Answers whoever waits.</summary>
    public void End() => completion.TrySetResult();

    // A node may have two registrations: one that is left until the leases which it gave are over, and the one after it. It is one verifier.
    private IEnumerable<VerifierLine> Lines(List<Peer> registrations, int environment)
    {
        var (id, name) = (registrations[0].Node.Id, registrations[0].Node.Name);
        var outcome = registrations.MinBy(static each => each.Outcome)!.Outcome;
        if (Own is { } own && string.Equals(id, own.Id, StringComparison.Ordinal))
        {
            // What it has applied itself, it need not wait for its replicas to say.
            outcome = outcome == Outcome.Waiting && own.ReplicaLeases.Position.Sequence >= Sequence ? Outcome.Acknowledged : outcome;
            return [new VerifierLine(id, name, null, outcome), .. own.ReplicaLeases.Lines(Sequence, environment)];
        }

        var replicas = registrations.SelectMany(each => each.Notes.Where(note => note.Environment == environment)
            .Select(note => note.At(Sequence, id)).OfType<VerifierLine>().Select(line => line with { Outcome = Within(each.Outcome, line.Outcome) }));
        return [new VerifierLine(id, name, null, outcome), .. replicas.DistinctBy(static line => line.Id, StringComparer.Ordinal)];
    }

    // The leases of its replicas are within a node's own: what ends that ends theirs, and what was renewed was theirs to renew.
    private static Outcome Within(Outcome node, Outcome replica)
        => node == Outcome.Acknowledged || (node == Outcome.RenewedPast && replica == Outcome.LeaseRanOut) ? replica : node;

    private sealed class Peer(RegisteredNode node, long endMicroseconds)
    {
        public RegisteredNode Node { get; } = node;

        public long EndMicroseconds { get; } = endMicroseconds;

        public Outcome Outcome { get; set; }

        public bool HasReplicas { get; set; }

        public List<ReplicaAckState> Notes { get; set; } = [];
    }
}
