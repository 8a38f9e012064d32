namespace Warder.Engine.Replicas.Leases;

/// <summary>Identifies the replica that a lease is for.</summary>
/// <param name="Id"><c>replica_…</c>: the same id at all nodes that the replica follows.</param>
/// <param name="Name">The name that the operator gave the replica.</param>
/// <param name="Environment">
/// The number of its management key's environment; 0: not known, so that the lease counts for each environment.
/// </param>
/// <param name="ManagementKeyId">The id of its management key; null: not known.</param>
internal sealed record ReplicaIdentity(string Id, string Name, int Environment, string? ManagementKeyId);
