namespace Warder.Contracts.Replicas;

/// <summary>
/// A management key whose replicas are refused leases for a while, since changes waited for them for too long: the <c>data</c> of the event
/// <c>replicas.barred</c>. They still get whole answers by asking their nodes.
/// </summary>
public sealed record ReplicaBar
{
    /// <summary><c>replica_bar</c></summary>
    public string Object { get; init; } = "replica_bar";

    /// <summary>The management key of the replicas.</summary>
    public required string ManagementKeyId { get; init; }

    /// <summary>How long changes waited for its replicas in the minute before.</summary>
    public required long StallMilliseconds { get; init; }

    /// <summary>How long they may, in a minute.</summary>
    public required long BudgetMilliseconds { get; init; }

    /// <summary>Until when its replicas are refused leases.</summary>
    public required DateTimeOffset BarredUntil { get; init; }
}
