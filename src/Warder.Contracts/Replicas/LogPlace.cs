namespace Warder.Contracts.Replicas;

/// <summary>A place in the log where a batch ends.</summary>
/// <param name="Sequence">The number of the last event before it.</param>
/// <param name="Hash">The hash of the chain after that event: another log has another one, though its numbers are the same.</param>
public sealed record LogPlace(long Sequence, byte[] Hash);
