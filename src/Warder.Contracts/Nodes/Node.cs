namespace Warder.Contracts.Nodes;

/// <summary>
/// A verifier: a server node, or a replica inside an application; or a management key with replicas that changes waited for. GET
/// <c>/nodes</c>.
/// </summary>
public sealed record Node
{
    /// <summary><c>node</c></summary>
    public string Object { get; init; } = "node";

    /// <summary>The kind: see <see cref="NodeKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// <c>node_…</c>: one process, from its start to its end. <c>replica_…</c>: one verifier, on all nodes that it follows, for as long as
    /// its memory keeps any earlier state.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The node that a replica follows; null for a node.</summary>
    public required string? Follows { get; init; }

    /// <summary>The name that its operator gave it.</summary>
    public required string Name { get; init; }

    /// <summary>The version of a node; null for a replica.</summary>
    public required string? Version { get; init; }

    /// <summary>
    /// The feature level of a node; null for a replica. A node below an environment's required level answers <c>unavailable</c> there.
    /// </summary>
    public int? Level { get; init; }

    /// <summary>Whether it may answer from memory: see <see cref="NodeLease"/>.</summary>
    public required string Lease { get; init; }

    /// <summary>The length of its leases; null for a lease that lasts as long as its process.</summary>
    public required int? LeaseMilliseconds { get; init; }

    /// <summary>The number of the last event that it acknowledged.</summary>
    public required long AppliedSequence { get; init; }

    /// <summary>The number of events in the log after <see cref="AppliedSequence"/>.</summary>
    public required long Lag { get; init; }

    /// <summary>
    /// Whether the node is fenced: changes no longer wait for it, and it answers from memory only after a new registration.
    /// </summary>
    public required bool Fenced { get; init; }

    /// <summary>The time of its registration, by the database's clock.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>The time of its last lease renewal, by the database's clock; null for a lease that is not renewed.</summary>
    public required DateTimeOffset? RenewedAt { get; init; }

    /// <summary>The management key of a replica, or the management key itself; null for a node.</summary>
    public string? ManagementKeyId { get; init; }

    /// <summary>How long changes waited in the last minute for replicas of that key, over all nodes; null for a node.</summary>
    public long? StallMilliseconds { get; init; }

    /// <summary>The time until which replicas of that key are refused leases; null when they are not.</summary>
    public DateTimeOffset? BarredUntil { get; init; }
}

/// <summary>The kinds of verifiers.</summary>
public static class NodeKind
{
    /// <summary>A server process.</summary>
    public const string Server = "server";

    /// <summary>A verifier inside an application. Each node shows its own replicas.</summary>
    public const string Replica = "replica";

    /// <summary>
    /// No verifier, but a management key: changes waited for its replicas in the last minute, over all nodes, or its replicas are refused
    /// leases.
    /// </summary>
    public const string ManagementKey = "management_key";
}

/// <summary>The states of a node's lease in the database. The node itself detects the end of its lease earlier.</summary>
public static class NodeLease
{
    /// <summary>The node is the only node that can exist.</summary>
    public const string Permanent = "permanent";

    /// <summary>The node renewed within a lease's length.</summary>
    public const string Held = "held";

    /// <summary>The node did not renew: it is stopped, or cannot reach the database. The next change fences it.</summary>
    public const string Over = "over";

    /// <summary>The verifier is refused leases for a while, because changes had to wait for it repeatedly.</summary>
    public const string Refused = "refused";
}
