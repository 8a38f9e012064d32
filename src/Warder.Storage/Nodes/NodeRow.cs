using Warder.Core.Time;

namespace Warder.Storage.Nodes;

/// <summary>Who registers.</summary>
/// <param name="Epoch">This registration: drawn at random, never used again.</param>
/// <param name="Id">The process: <c>node_…</c>.</param>
/// <param name="Name">What its operator calls it; by default the machine's name.</param>
/// <param name="Version">The program's version.</param>
/// <param name="LeaseMilliseconds">How long its leases last.</param>
/// <param name="Level">Its feature level; 0: its version has none.</param>
public sealed record NodeRegistration(long Epoch, string Id, string Name, string Version, int LeaseMilliseconds, int Level);

/// <summary>One registration of one node, as the database has it.</summary>
/// <param name="Registration">Who it is.</param>
/// <param name="RegisteredAt">When.</param>
/// <param name="Renewed">
/// The log's head that its last renewal was told: it has, or will have, applied that much before it answers from memory again.
/// </param>
/// <param name="RenewedAt">When that was.</param>
/// <param name="Acknowledged">The last event that its own memory has acknowledged.</param>
/// <param name="FencedAt">When it was fenced; null when it was not.</param>
/// <param name="IsBarred">Whether it is refused a new lease, since changes had to wait for it twice.</param>
public sealed record NodeRow(
    NodeRegistration Registration, Instant RegisteredAt, long Renewed, Instant RenewedAt, long Acknowledged, Instant? FencedAt, bool IsBarred);

/// <summary>What a renewal was answered.</summary>
/// <param name="Head">The log's head when the renewal was written.</param>
/// <param name="HashAtApplied">
/// The hash of the chain after what the node said to have applied; null when the log has no batch that ends there.
/// </param>
public sealed record Renewal(LogPosition Head, byte[]? HashAtApplied);
