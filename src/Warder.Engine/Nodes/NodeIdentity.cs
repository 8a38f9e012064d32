using Warder.Core.Time;
using Warder.Storage.Nodes;

namespace Warder.Engine.Nodes;

/// <summary>The identity of a node's process.</summary>
/// <param name="Id"><c>node_…</c>, drawn at each start.</param>
/// <param name="Options">The options of the node among several.</param>
/// <param name="StartedAt">The time of the start.</param>
internal sealed record NodeIdentity(string Id, NodeOptions Options, Instant StartedAt)
{
    /// <summary>Returns the entry that the process registers for an epoch.</summary>
    public NodeRegistration Registration(long epoch) => Options.Registration(Id, epoch);
}
