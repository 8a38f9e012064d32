namespace Warder.Storage.Nodes;

/// <summary>What an epoch has acknowledged.</summary>
/// <param name="Sequence">Up to which event.</param>
/// <param name="HasReplicas">Whether it has said something of replicas that follow it.</param>
public readonly record struct Acknowledgement(long Sequence, bool HasReplicas);
