namespace Warder.Storage;

/// <summary>A place in the log where a batch ends.</summary>
/// <param name="Sequence">The number of the last event before it.</param>
/// <param name="Hash">The hash of the chain after that event.</param>
public sealed record LogPosition(long Sequence, byte[] Hash)
{
    /// <summary>Whether the log has the same past here as another log there.</summary>
    public bool Is(LogPosition other) => Sequence == other.Sequence && Hash.AsSpan().SequenceEqual(other.Hash);
}
