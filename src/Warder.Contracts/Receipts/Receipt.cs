using System.Text.Json.Serialization;

namespace Warder.Contracts.Receipts;

/// <summary>
/// The signed statement that a change is in force: no verifier answers from the state before the change. It is part of the answer to the
/// change. GET <c>/receipts/{id}</c>.
/// </summary>
public sealed record Receipt
{
    /// <summary>The <c>typ</c> of the header of <see cref="Jws"/>.</summary>
    public const string JwsType = "warder-receipt";

    /// <summary><c>receipt</c></summary>
    public string Object { get; init; } = "receipt";

    /// <summary><c>rcpt_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The environment of the change.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>The type of the event: <c>api_key.revoked</c>.</summary>
    [JsonPropertyName("event")]
    public required string Type { get; init; }

    /// <summary>The event: <c>event_…</c></summary>
    public required string EventId { get; init; }

    /// <summary>The id of the changed object.</summary>
    public required string SubjectId { get; init; }

    /// <summary>The event's number in the log.</summary>
    public required long Sequence { get; init; }

    /// <summary>The time at which the change was durable.</summary>
    public required DateTimeOffset CommittedAt { get; init; }

    /// <summary>The time by which the change was in force everywhere; null while it is pending.</summary>
    public required DateTimeOffset? InForceAt { get; init; }

    /// <summary>
    /// The verifiers that could answer from memory at the time of the change, and the outcome of each. It holds every node, and at most
    /// <see cref="ReceiptLines.MaxShown"/> replicas, first the ones that did not acknowledge. <see cref="Replicas"/> covers all replicas.
    /// </summary>
    public required IReadOnlyList<ReceiptLine> Verifiers { get; init; }

    /// <summary>All replicas, by count and digest; absent when <see cref="Verifiers"/> holds every replica.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReceiptReplicas? Replicas { get; init; }

    /// <summary>The node that waited for all verifiers.</summary>
    public required string IssuedBy { get; init; }

    /// <summary>
    /// The signature over all members above: a JWS in compact serialization (RFC 7515), by a key of <c>/.well-known/jwks.json</c>. Absent
    /// while the change is pending.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Jws { get; init; }
}

/// <summary>One verifier in a receipt.</summary>
/// <param name="Id"><c>node_…</c> or <c>replica_…</c></param>
/// <param name="Kind">One of <see cref="Nodes.NodeKind"/>.</param>
/// <param name="Name">The name that its operator gave it.</param>
/// <param name="Follows">The node that a replica follows; null for a node.</param>
/// <param name="Outcome">One of <see cref="ReceiptOutcome"/>.</param>
public sealed record ReceiptLine(string Id, string Kind, string Name, string? Follows, string Outcome)
{
    /// <summary>The management key of a replica, which a change's wait for the replica counts against. Absent for a node.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ManagementKeyId { get; init; }
}

/// <summary>The outcomes: how a verifier passed a change.</summary>
public static class ReceiptOutcome
{
    /// <summary>The verifier is not known to have passed the change.</summary>
    public const string Waiting = "waiting";

    /// <summary>The verifier has applied the change, or released its lease.</summary>
    public const string Acknowledged = "acknowledged";

    /// <summary>The verifier's lease from before the change ended: it answers from memory only after it has applied the change.</summary>
    public const string LeaseRanOut = "lease_ran_out";

    /// <summary>
    /// The verifier renewed its lease after the change, and so applied the change first. Its acknowledgement did not arrive.
    /// </summary>
    public const string RenewedPast = "renewed_past";
}

/// <summary>An answer to a change, with its receipt only.</summary>
/// <param name="Receipt">The receipt; null when verifiers' decisions do not depend on the change.</param>
public sealed record ReceiptHolder(Receipt? Receipt);
