using Warder.Storage;

namespace Warder.Engine.Replicas.Leases;

/// <summary>A grant that is booked and not yet sent.</summary>
/// <param name="Position">Where memory was after the reservation: what the replica must have applied before it uses its lease.</param>
/// <param name="Microseconds">How long the lease is.</param>
internal sealed record LeaseReservation(LogPosition Position, long Microseconds);
