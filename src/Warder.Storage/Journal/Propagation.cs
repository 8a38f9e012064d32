using Warder.Core.Events;
using Warder.Core.Receipts;
using Warder.Core.Time;

namespace Warder.Storage.Journal;

/// <summary>How a batch, which is durable, comes to be in force.</summary>
/// <remarks>Thread-safe.</remarks>
public abstract class Propagation
{
    /// <summary>Reports each change as in force at once: for a store without verifiers, or a caller that does not depend on them.</summary>
    public static Propagation Done { get; } = new NoVerifiers();

    /// <summary>When it was durable.</summary>
    public Instant CommittedAt { get; init; }

    /// <summary>
    /// A task that ends when it is in force in a scope: no verifier that matters to the scope answers from before it any more.
    /// </summary>
    /// <param name="scope">One of the batch's scopes.</param>
    public abstract Task InForce(EnvironmentScope scope);

    /// <summary>Every verifier that could answer from before it about an environment, and how far it is.</summary>
    public abstract IReadOnlyList<VerifierLine> Verifiers(int environment);

    private sealed class NoVerifiers : Propagation
    {
        public override Task InForce(EnvironmentScope scope) => Task.CompletedTask;

        public override IReadOnlyList<VerifierLine> Verifiers(int environment) => [];
    }
}

/// <summary>A command's change is durable, and on its way.</summary>
/// <param name="Event">The last of its events that changes what verifiers answer.</param>
/// <param name="Sequence">Where that stands in the log.</param>
/// <param name="Propagation">How it comes to be in force.</param>
public readonly record struct Commitment(EventDraft Event, long Sequence, Propagation Propagation);
