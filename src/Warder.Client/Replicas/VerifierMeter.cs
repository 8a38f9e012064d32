using System.Diagnostics.Metrics;

namespace Warder.Client.Replicas;

/// <summary>A verifier's instruments. They are observed at collection only, so that a validation pays nothing for them.</summary>
internal sealed class VerifierMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Warder.Client";

    private readonly Meter meter = new(Name);

    public VerifierMeter(WarderVerifier verifier)
    {
        meter.CreateObservableGauge(
            "warder.verifier.entries", () => verifier.Health.Entries, "{entry}", "Secrets that are held in memory.");
        meter.CreateObservableGauge(
            "warder.verifier.lease", () => verifier.Health.Lease.TotalSeconds, "s", "How long memory may be answered from yet.");
        meter.CreateObservableGauge(
            "warder.verifier.applied", () => verifier.Health.AppliedSequence, "{event}", "The last event that memory has applied.");
        meter.CreateObservableCounter("warder.verifier.questions", () => verifier.Questions, "{token}", "Tokens that memory did not hold.");
    }

    public void Dispose() => meter.Dispose();
}
