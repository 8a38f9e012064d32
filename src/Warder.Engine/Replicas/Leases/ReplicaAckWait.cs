using Warder.Storage.Journal;

namespace Warder.Engine.Replicas.Leases;

/// <summary>A wait for events that this node has applied, and that a replica of a scope has not acknowledged.</summary>
/// <param name="sequence">The last of the events.</param>
/// <param name="scope">The scope of the awaited replicas.</param>
internal sealed class ReplicaAckWait(long sequence, EnvironmentScope scope)
{
    // Continuations must never run on the thread that delivers the acknowledgement.
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last of the events.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>The scope of the awaited replicas.</summary>
    public EnvironmentScope Scope { get; } = scope;

    /// <summary>The leases that are awaited, each until its acknowledgement or its end.</summary>
    public required List<ReplicaLease> Missing { get; init; }

    /// <summary>Completes when no lease is missing.</summary>
    public Task Task => completion.Task;

    /// <summary>Completes the task.</summary>
    public void End() => completion.TrySetResult();
}
