using Warder.Core.Leases;

namespace Warder.Engine.Nodes;

/// <summary>Determines whether a node can answer.</summary>
/// <param name="lease">The permission to answer from memory.</param>
/// <param name="member">The node's part in a cluster; null: there can be no other node.</param>
internal sealed class Availability(Lease lease, ClusterMember? member)
{
    /// <summary>The reason why the node can answer neither from memory nor from the store; null: it can.</summary>
    public string? Refusal => lease.IsHeld ? null : member?.Refusal;
}
