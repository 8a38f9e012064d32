namespace Warder.Protocol;

/// <summary>A place in the log where a batch ends.</summary>
/// <param name="Sequence">The number of the last event before it.</param>
/// <param name="Hash">The chain's hash after that event. It distinguishes logs with equal numbers.</param>
public sealed record LogPlace(long Sequence, byte[] Hash);
