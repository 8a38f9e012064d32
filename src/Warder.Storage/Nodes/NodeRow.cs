using Warder.Core.Time;

namespace Warder.Storage.Nodes;

/// <summary>A node's registration.</summary>
/// <param name="Epoch">The number of this registration: drawn at random, never used again.</param>
/// <param name="Id">The process: <c>node_…</c>.</param>
/// <param name="Name">The name that its operator gave it; by default the machine's name.</param>
/// <param name="Version">The program's version.</param>
/// <param name="LeaseMilliseconds">The length of its leases.</param>
/// <param name="Level">Its feature level; 0: its version has none.</param>
public sealed record NodeRegistration(long Epoch, string Id, string Name, string Version, int LeaseMilliseconds, int Level);

/// <summary>One registration of one node, as stored in the database.</summary>
/// <param name="Registration">The registration.</param>
/// <param name="RegisteredAt">The time of the registration.</param>
/// <param name="Renewed">
/// The log's head at its last renewal. The node has applied that much, or will apply it before it answers from memory again.
/// </param>
/// <param name="RenewedAt">The time of the last renewal.</param>
/// <param name="Acknowledged">The last event that its own memory has acknowledged.</param>
/// <param name="FencedAt">The time of its fence; null without one.</param>
/// <param name="IsBarred">Whether a new lease is refused, since changes had to wait for the epoch twice.</param>
public sealed record NodeRow(
    NodeRegistration Registration, Instant RegisteredAt, long Renewed, Instant RenewedAt, long Acknowledged,
    Instant? FencedAt, bool IsBarred);

/// <summary>The result of a renewal.</summary>
/// <param name="Head">The log's head when the renewal was written.</param>
/// <param name="HashAtApplied">
/// The hash of the chain at the node's applied number; null when the log has no batch that ends there.
/// </param>
public sealed record Renewal(LogPosition Head, byte[]? HashAtApplied);
