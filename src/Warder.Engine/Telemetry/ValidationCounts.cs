using Warder.Contracts.Replicas;
using Warder.Core.Verification;

namespace Warder.Engine.Telemetry;

/// <summary>How many validations were answered, by code: here, and by replicas as they tell it. Thread-safe.</summary>
internal sealed class ValidationCounts
{
    // More than a process answers between two reports. A replica's counts are what its management key's holder claims: they are shown, and
    // nothing is decided by them.
    private const long MostReported = 1L << 32;

    private long questions;

    /// <summary>Over HTTP, by this node.</summary>
    public DecisionCounts Own { get; } = new();

    /// <summary>Inside applications, by the replicas that follow this node.</summary>
    public DecisionCounts OfReplicas { get; } = new();

    /// <summary>About how many tokens replicas have asked.</summary>
    public long Questions => Volatile.Read(ref questions);

    /// <summary>Takes what a replica says. Codes that are not known here count for nothing.</summary>
    public void Add(DecisionReport report)
    {
        for (var code = default(DecisionCode); code <= Decision.Last; code++)
        {
            if (report.Counts.TryGetValue(Decision.NameOf(code), out var count))
                OfReplicas.Add(code, Math.Clamp(count, 0, MostReported));
        }
    }

    /// <summary>A replica has asked.</summary>
    public void Asked(int tokens) => Interlocked.Add(ref questions, tokens);
}
