using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Engine.Nodes;
using Warder.Protocol;

namespace Warder.Engine.Replicas.Leases;

/// <summary>Composes the messages that grant leases.</summary>
/// <param name="options">The length of a node's lease.</param>
/// <param name="clock">The node's clock.</param>
/// <param name="environments">The token formats of each environment.</param>
internal sealed class LeaseGrants(NodeOptions options, Clock clock, EnvironmentRegistry environments)
{
    /// <summary>Composes the message that grants a reserved lease.</summary>
    public byte[] Write(LeaseReservation reservation, int environment, long after, IReadOnlyList<LoggedCacheDeltas> events, bool reset)
        => ReplicaStream.Write(new LeaseGrant(
            reservation.Microseconds,
            options.Terms.Milliseconds,
            reset,
            ReplicaDelta.Of(after, events, reservation.Position),
            clock.Now().UnixMilliseconds,
            environments.Forms(environment) is { } forms ? ReplicaForms.Of(forms) : null));
}
