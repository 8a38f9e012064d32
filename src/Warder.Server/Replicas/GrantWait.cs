namespace Warder.Server.Replicas;

/// <summary>How a replica came to be past a change.</summary>
internal enum ReplicaOutcome
{
    /// <summary>It has applied it, or gave up its lease.</summary>
    Acknowledged,

    /// <summary>Its lease was over.</summary>
    RanOut,
}

/// <summary>Events that this node has applied, and some replica not yet.</summary>
/// <param name="sequence">The last of them.</param>
internal sealed class GrantWait(long sequence)
{
    // Those who wait must never run on the thread that brings the acknowledgement.
    private readonly TaskCompletionSource<IReadOnlyList<(Grant Replica, ReplicaOutcome Outcome)>> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(Grant, ReplicaOutcome)> outcomes = [];

    /// <summary>The last of the events.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>Those whose word or end is awaited.</summary>
    public required List<Grant> Missing { get; init; }

    /// <summary>Ends when nobody is missing; says how each that was waited for came to be past the events.</summary>
    public Task<IReadOnlyList<(Grant Replica, ReplicaOutcome Outcome)>> Task => completion.Task;

    /// <summary>Strikes out one.</summary>
    public void Strike(Grant replica, ReplicaOutcome outcome)
    {
        if (Missing.Remove(replica))
            outcomes.Add((replica, outcome));
    }

    /// <summary>Answers whoever waits.</summary>
    public void End() => completion.TrySetResult(outcomes);
}
