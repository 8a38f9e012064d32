using Warder.Core.Verification;
using Warder.Protocol;

namespace Warder.Engine.Telemetry;

/// <summary>The number of validations by code: of this node, and of replicas as they report it. Thread-safe.</summary>
internal sealed class ValidationCounts
{
    // More than a process answers between two reports. A replica's counts are unverified claims: they are shown, and no decision depends on
    // them.
    private const long MostReported = 1L << 32;

    private long questions;

    /// <summary>The validations over HTTP at this node.</summary>
    public DecisionCounts Own { get; } = new();

    /// <summary>The validations inside applications, by the replicas that follow this node.</summary>
    public DecisionCounts OfReplicas { get; } = new();

    /// <summary>The approximate number of tokens that replicas have looked up at this node.</summary>
    public long Questions => Volatile.Read(ref questions);

    /// <summary>Adds the counts of a replica's report. Unknown codes are ignored.</summary>
    public void Add(DecisionReport report)
    {
        for (var code = default(DecisionCode); code <= Decision.Last; code++)
        {
            if (report.Counts.TryGetValue(Decision.NameOf(code), out var count))
                OfReplicas.Add(code, Math.Clamp(count, 0, MostReported));
        }
    }

    /// <summary>Counts lookups of a replica.</summary>
    public void CountLookups(int tokens) => Interlocked.Add(ref questions, tokens);
}
