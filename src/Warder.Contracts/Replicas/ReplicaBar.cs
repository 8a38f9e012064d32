namespace Warder.Contracts.Replicas;

/// <summary>
/// A management key with replicas that are refused leases for a while, because changes waited for them too long. The <c>data</c> of the
/// event <c>replicas.barred</c>. The replicas still get complete answers from their nodes.
/// </summary>
public sealed record ReplicaBar
{
    /// <summary><c>replica_bar</c></summary>
    public string Object { get; init; } = "replica_bar";

    /// <summary>The management key of the replicas.</summary>
    public required string ManagementKeyId { get; init; }

    /// <summary>How long changes waited for its replicas in the minute before.</summary>
    public required long StallMilliseconds { get; init; }

    /// <summary>How long changes may wait for its replicas in a minute.</summary>
    public required long BudgetMilliseconds { get; init; }

    /// <summary>The time until which its replicas are refused leases.</summary>
    public required DateTimeOffset BarredUntil { get; init; }
}
