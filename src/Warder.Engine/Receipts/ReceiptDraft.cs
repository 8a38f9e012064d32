using Warder.Contracts.Receipts;
using Warder.Core.Events;
using Warder.Core.Receipts;
using Warder.Core.Time;
using Warder.Engine.Keys;
using Warder.Storage.Journal;
using Warder.Storage.Receipts;

namespace Warder.Engine.Receipts;

/// <summary>The receipt, not yet signed, of a change that is durable and not yet in force.</summary>
/// <param name="id"><c>rcpt_…</c></param>
/// <param name="environmentId">The environment of the change.</param>
/// <param name="commitment">The change's event and its propagation.</param>
internal sealed class ReceiptDraft(string id, string environmentId, Commitment commitment)
{
    /// <summary><c>rcpt_…</c></summary>
    public string Id { get; } = id;

    /// <summary>The change's event and its propagation.</summary>
    public Commitment Commitment { get; } = commitment;

    /// <summary>The event of the change.</summary>
    public EventDraft Event => Commitment.Event;

    /// <summary>Held while the receipt is issued, by the first request or by one that repeats it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The signed receipt; null until it is issued.</summary>
    public IssuedReceipt? Issued { get; set; }

    /// <summary>Shapes the receipt, and the stored lines that a final receipt commits to without showing them all.</summary>
    /// <param name="nodeId">The node that issues the receipt.</param>
    /// <param name="inForceAt">The time since which the change is in force; null: it is not yet.</param>
    public (Receipt Receipt, StoredLines? Lines) Shape(string nodeId, Instant? inForceAt)
    {
        var all = Commitment.Propagation.Verifiers(Event.Environment).Select(line => Of(line, isFinal: inForceAt is not null)).ToList();
        if (all.Count(static line => line.Follows is not null) <= ReceiptLines.MaxShown)
            return (Shape(nodeId, inForceAt, all, null), null);
        var replicas = ReceiptLines.Order(all.Where(static line => line.Follows is not null));
        // Replicas that did not acknowledge come first. The sort is stable.
        var shown = replicas.OrderBy(static line => line.Outcome == ReceiptOutcome.Acknowledged).Take(ReceiptLines.MaxShown);
        var lines = inForceAt is null ? null : Store(replicas);
        var summary = new ReceiptReplicas(replicas.Count, ReceiptLines.Count(replicas), lines?.Sha256);
        return (Shape(nodeId, inForceAt, [.. all.Where(static line => line.Follows is null), .. shown], summary), lines);
    }

    private static StoredLines Store(List<ReceiptLine> replicas)
    {
        var text = ReceiptLines.Write(replicas);
        return new StoredLines(ReceiptLines.Digest(text), replicas.Count, text);
    }

    private Receipt Shape(string nodeId, Instant? inForceAt, IReadOnlyList<ReceiptLine> verifiers, ReceiptReplicas? replicas) => new()
    {
        Id = Id,
        EnvironmentId = environmentId,
        Type = Event.Type,
        EventId = Event.Id,
        SubjectId = Event.CacheDeltas[0].Id,
        Sequence = Commitment.Sequence,
        CommittedAt = KeyShapes.Time(Commitment.Propagation.CommittedAt),
        InForceAt = KeyShapes.Time(inForceAt),
        Verifiers = verifiers,
        Replicas = replicas,
        IssuedBy = nodeId,
    };

    /// <summary>Returns the row to store.</summary>
    public ReceiptRow Row(string jws, StoredLines? lines)
        => new(Event.Environment, Id, Event.Id, Event.CacheDeltas[0].Id, jws) { Lines = lines };

    // In a receipt of a change that is in force, a verifier that still waits has renewed its lease after the change. It can use the renewed
    // lease only once it has applied the change.
    private static ReceiptLine Of(VerifierLine line, bool isFinal)
        => new(
            line.Id, line.Follows is null ? Contracts.Nodes.NodeKind.Server : Contracts.Nodes.NodeKind.Replica, line.Name, line.Follows,
            line.Outcome switch
        {
            Outcome.Acknowledged => ReceiptOutcome.Acknowledged,
            Outcome.LeaseRanOut => ReceiptOutcome.LeaseRanOut,
            Outcome.RenewedPast => ReceiptOutcome.RenewedPast,
            _ => isFinal ? ReceiptOutcome.RenewedPast : ReceiptOutcome.Waiting,
        })
        {
            ManagementKeyId = line.ManagementKeyId,
        };
}
