namespace Warder.Contracts.Nodes;

/// <summary>
/// A verifier: a server node, or a replica inside an application; or a management key whose replicas changes waited for. GET <c>/nodes</c>.
/// </summary>
public sealed record Node
{
    /// <summary><c>node</c></summary>
    public string Object { get; init; } = "node";

    /// <summary>What it is: see <see cref="NodeKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// <c>node_…</c>: one process, from its start to its end; <c>replica_…</c>: one verifier, whichever nodes it follows, for as long as it
    /// has anything from its past.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The node that a replica follows; null for a node.</summary>
    public required string? Follows { get; init; }

    /// <summary>What its operator calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The version that it runs; null for a replica.</summary>
    public required string? Version { get; init; }

    /// <summary>
    /// The feature level of a node; null for a replica. An environment that requires a higher one gets <c>unavailable</c> from it.
    /// </summary>
    public int? Level { get; init; }

    /// <summary>Whether it may answer from memory: see <see cref="NodeLease"/>.</summary>
    public required string Lease { get; init; }

    /// <summary>How long its leases last; null for one that lasts as long as its process.</summary>
    public required int? LeaseMilliseconds { get; init; }

    /// <summary>The last event that it has said to have applied.</summary>
    public required long AppliedSequence { get; init; }

    /// <summary>How many events the log is ahead of that.</summary>
    public required long Lag { get; init; }

    /// <summary>Whether changes wait for it no more, and it must come back as new before it answers from memory.</summary>
    public required bool Fenced { get; init; }

    /// <summary>When it registered, by the database's clock.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>When it last renewed its lease, by the database's clock; null for a lease that is not renewed.</summary>
    public required DateTimeOffset? RenewedAt { get; init; }

    /// <summary>The management key of a replica, or the management key itself; null for a node.</summary>
    public string? ManagementKeyId { get; init; }

    /// <summary>How long changes waited in the last minute for replicas of that key, through whichever node; null for a node.</summary>
    public long? StallMilliseconds { get; init; }

    /// <summary>Until when replicas of that key are refused leases; null when they are not.</summary>
    public DateTimeOffset? BarredUntil { get; init; }
}

/// <summary>The kinds of verifiers.</summary>
public static class NodeKind
{
    /// <summary>A server process.</summary>
    public const string Server = "server";

    /// <summary>A verifier inside an application. Each node shows those that follow it.</summary>
    public const string Replica = "replica";

    /// <summary>
    /// No verifier, but a management key whose replicas, through whichever node, changes waited for in the last minute, or that are refused
    /// leases.
    /// </summary>
    public const string ManagementKey = "management_key";
}

/// <summary>The states of a node's lease, as the database can tell: a node itself knows sooner that its lease is over.</summary>
public static class NodeLease
{
    /// <summary>It is the only node there can be.</summary>
    public const string Permanent = "permanent";

    /// <summary>It renewed within a lease's length.</summary>
    public const string Held = "held";

    /// <summary>It did not: it is stopped, or cannot reach the database. The next change fences it.</summary>
    public const string Over = "over";

    /// <summary>It is refused one for a while, since changes had to wait for it again and again.</summary>
    public const string Refused = "refused";
}
