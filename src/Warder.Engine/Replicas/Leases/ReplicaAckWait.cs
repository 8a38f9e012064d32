using Warder.Storage.Journal;

namespace Warder.Engine.Replicas.Leases;

/// <summary>Events that this node has applied, and some replica of a scope has not acknowledged yet.</summary>
/// <param name="sequence">The last of the events.</param>
/// <param name="scope">Whose replicas it waits for.</param>
internal sealed class ReplicaAckWait(long sequence, EnvironmentScope scope)
{
    // Those who wait must never run on the thread that brings the acknowledgement.
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last of the events.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>Whose replicas it waits for.</summary>
    public EnvironmentScope Scope { get; } = scope;

    /// <summary>The leases whose acknowledgement or end is awaited.</summary>
    public required List<ReplicaLease> Missing { get; init; }

    /// <summary>Ends when no lease is missing.</summary>
    public Task Task => completion.Task;

    /// <summary>Answers whoever waits.</summary>
    public void End() => completion.TrySetResult();
}
