using Warder.Storage;

namespace Warder.Engine.Replicas.Leases;

/// <summary>A lease that is recorded and not yet sent.</summary>
/// <param name="Position">
/// The position of memory after the reservation. The replica must apply the log up to it before it uses its lease.
/// </param>
/// <param name="Microseconds">The length of the lease.</param>
internal sealed record LeaseReservation(LogPosition Position, long Microseconds);
