using Warder.Core.Time;

namespace Warder.Storage.Keys;

/// <summary>The number of live keys of an owner on one snapshot.</summary>
/// <param name="Count">The number.</param>
/// <param name="Sequence">The last event of the snapshot.</param>
/// <param name="At">The time that decided which keys had expired.</param>
public sealed record KeyTally(long Count, long Sequence, Instant At);
