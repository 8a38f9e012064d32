namespace Warder.Storage.Nodes;

/// <summary>What an epoch has acknowledged: the pair that one version of its row tells.</summary>
/// <param name="Applied">The last event that its own memory has applied.</param>
/// <param name="Replicas">How far its replicas are that lag behind that, by environment.</param>
public sealed record NodeAcks(long Applied, ReplicaAcks Replicas)
{
    /// <summary>The last event that its memory and all its replicas have applied: all that a node of an older version reads.</summary>
    public long All => Math.Min(Applied, Replicas.Lowest);
}
