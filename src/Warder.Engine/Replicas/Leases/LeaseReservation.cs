using Warder.Contracts.Replicas;
using Warder.Engine.Hosting;
using Warder.Storage;

namespace Warder.Engine.Replicas.Leases;

/// <summary>A grant that is booked and not yet sent.</summary>
/// <param name="Position">Where memory was after the reservation: what the replica must have applied before it uses its lease.</param>
/// <param name="Microseconds">How long the lease is.</param>
internal sealed record LeaseReservation(LogPosition Position, long Microseconds)
{
    /// <summary>The message that grants it.</summary>
    public byte[] Grant(Node node, int environment, long after, IReadOnlyList<LoggedCacheDeltas> events, bool reset)
        => ReplicaStream.Write(new LeaseGrant(
            Microseconds,
            node.Options.Terms.Milliseconds,
            reset,
            ReplicaDelta.Of(after, events, Position),
            node.Clock.Now().UnixMilliseconds,
            node.Forms(environment) is { } forms ? ReplicaForms.Of(forms) : null));
}
