namespace Warder.Server.Replicas.Leases;

/// <summary>Events that this node has applied, and some replica not yet.</summary>
/// <param name="sequence">The last of them.</param>
internal sealed class ReplicaAckWait(long sequence)
{
    // Those who wait must never run on the thread that brings the acknowledgement.
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last of the events.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>Those whose word or end is awaited.</summary>
    public required List<ReplicaLease> Missing { get; init; }

    /// <summary>Ends when nobody is missing.</summary>
    public Task Task => completion.Task;

    /// <summary>Answers whoever waits.</summary>
    public void End() => completion.TrySetResult();
}
