namespace Warder.Storage.Nodes;

/// <summary>The acknowledgements of an epoch: the pair from one version of its row.</summary>
/// <param name="Applied">The last event that the node's own memory has applied.</param>
/// <param name="Replicas">The positions, by environment, of its replicas that lag behind that event.</param>
public sealed record NodeAcks(long Applied, ReplicaAcks Replicas)
{
    /// <summary>The last event that its memory and all its replicas have applied: all that a node of an older version reads.</summary>
    public long All => Math.Min(Applied, Replicas.Lowest);
}
