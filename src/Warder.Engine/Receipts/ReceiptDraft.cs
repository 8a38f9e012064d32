using Warder.Contracts.Receipts;
using Warder.Core.Events;
using Warder.Core.Receipts;
using Warder.Core.Time;
using Warder.Engine.Keys;
using Warder.Storage.Journal;
using Warder.Storage.Receipts;

namespace Warder.Engine.Receipts;

/// <summary>A change that is durable and comes to be in force: what its receipt will say.</summary>
/// <param name="id"><c>rcpt_…</c></param>
/// <param name="environmentId">The environment that it is made in.</param>
/// <param name="commitment">Its event, and how far it has come.</param>
internal sealed class ReceiptDraft(string id, string environmentId, Commitment commitment)
{
    /// <summary><c>rcpt_…</c></summary>
    public string Id { get; } = id;

    /// <summary>How far it has come.</summary>
    public Commitment Commitment { get; } = commitment;

    /// <summary>The change.</summary>
    public EventDraft Event => Commitment.Event;

    /// <summary>Held by whoever issues it: the first request, or one that repeats it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What came of it; null until then.</summary>
    public IssuedReceipt? Issued { get; set; }

    /// <summary>What it says so far; or in the end, with the lines that it commits to and does not all show.</summary>
    /// <param name="nodeId">The node that issues it.</param>
    /// <param name="inForceAt">Since when it is in force; null while it is not.</param>
    public (Receipt Receipt, StoredLines? Lines) Shape(string nodeId, Instant? inForceAt)
    {
        var all = Commitment.Propagation.Verifiers(Event.Environment).Select(line => Of(line, isFinal: inForceAt is not null)).ToList();
        if (all.Count(static line => line.Follows is not null) <= ReceiptLines.MaxShown)
            return (Shape(nodeId, inForceAt, all, null), null);
        var replicas = ReceiptLines.Order(all.Where(static line => line.Follows is not null));
        // Those that did not acknowledge first. The sort is stable.
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

    /// <summary>What is stored of it.</summary>
    public ReceiptRow Row(string jws, StoredLines? lines) => new(Event.Environment, Id, Event.Id, Event.CacheDeltas[0].Id, jws) { Lines = lines };

    // Who has not acknowledged a change that is in force has had its lease renewed after it: it could use that only when it had applied the
    // change.
    private static ReceiptLine Of(VerifierLine line, bool isFinal)
        => new(line.Id, line.Follows is null ? Contracts.Nodes.NodeKind.Server : Contracts.Nodes.NodeKind.Replica, line.Name, line.Follows, line.Outcome switch
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
