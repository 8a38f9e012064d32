using System.Text.Json.Serialization;

namespace Warder.Contracts.Receipts;

/// <summary>
/// The signed statement that a change is in force: no verifier answers from the state before it any more. Part of the answer to the change;
/// GET <c>/receipts/{id}</c>.
/// </summary>
public sealed record Receipt
{
    /// <summary>The <c>typ</c> of the header of <see cref="Jws"/>.</summary>
    public const string JwsType = "warder-receipt";

    /// <summary><c>receipt</c></summary>
    public string Object { get; init; } = "receipt";

    /// <summary><c>rcpt_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The environment that it happened in.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>What happened: <c>api_key.revoked</c>.</summary>
    [JsonPropertyName("event")]
    public required string Type { get; init; }

    /// <summary>The event: <c>event_…</c></summary>
    public required string EventId { get; init; }

    /// <summary>The id of what changed.</summary>
    public required string SubjectId { get; init; }

    /// <summary>The event's place in the log.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the change was durable.</summary>
    public required DateTimeOffset CommittedAt { get; init; }

    /// <summary>By when it was in force everywhere; null while it is not yet.</summary>
    public required DateTimeOffset? InForceAt { get; init; }

    /// <summary>
    /// The verifiers that could answer from memory when the change was made, and how each came to be past it: every node, and at most <see
    /// cref="ReceiptLines.MaxShown"/> replicas, those first that did not acknowledge. The others are in <see cref="Replicas"/>.
    /// </summary>
    public required IReadOnlyList<ReceiptLine> Verifiers { get; init; }

    /// <summary>All replicas, by count and digest; absent when <see cref="Verifiers"/> shows each.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReceiptReplicas? Replicas { get; init; }

    /// <summary>The node that waited for all of them.</summary>
    public required string IssuedBy { get; init; }

    /// <summary>
    /// All of the above, signed: a JWS in compact serialization (RFC 7515), by a key of <c>/.well-known/jwks.json</c>. Absent while it is
    /// not in force yet.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Jws { get; init; }
}

/// <summary>One verifier in a receipt.</summary>
/// <param name="Id"><c>node_…</c> or <c>replica_…</c></param>
/// <param name="Kind">One of <see cref="Nodes.NodeKind"/>.</param>
/// <param name="Name">What its operator calls it.</param>
/// <param name="Follows">The node that a replica follows; null for a node.</param>
/// <param name="Outcome">One of <see cref="ReceiptOutcome"/>.</param>
public sealed record ReceiptLine(string Id, string Kind, string Name, string? Follows, string Outcome)
{
    /// <summary>The management key of a replica: the time that a change waits for it is charged to that. Absent for a node.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ManagementKeyId { get; init; }
}

/// <summary>How a verifier came to be past a change.</summary>
public static class ReceiptOutcome
{
    /// <summary>It is not yet, as far as is known.</summary>
    public const string Waiting = "waiting";

    /// <summary>It has applied the change, or given up its lease.</summary>
    public const string Acknowledged = "acknowledged";

    /// <summary>Its lease from before the change was over: it may not answer from memory until it has applied the change.</summary>
    public const string LeaseRanOut = "lease_ran_out";

    /// <summary>It renewed its lease after the change, and so had to apply the change first; its acknowledgement did not arrive.</summary>
    public const string RenewedPast = "renewed_past";
}

/// <summary>An answer to a change, of which only the receipt is read.</summary>
/// <param name="Receipt">That it is in force; null when it changed nothing that verifiers answer by.</param>
public sealed record ReceiptHolder(Receipt? Receipt);
