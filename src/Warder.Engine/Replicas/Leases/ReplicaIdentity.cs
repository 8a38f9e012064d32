namespace Warder.Engine.Replicas.Leases;

/// <summary>Which replica a lease is for.</summary>
/// <param name="Id"><c>replica_…</c>: one id, whichever nodes it follows.</param>
/// <param name="Name">What its operator calls it.</param>
/// <param name="Environment">The number of its management key's environment; 0: not known, so that it counts for each.</param>
/// <param name="ManagementKeyId">Its management key; null: not known.</param>
internal sealed record ReplicaIdentity(string Id, string Name, int Environment, string? ManagementKeyId);
