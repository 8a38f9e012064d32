using System.Diagnostics.Metrics;
using Warder.Core.Verification;

namespace Warder.Server.Telemetry;

/// <summary>Warder's own instruments. They are observed when somebody collects, so that a validation pays nothing for them.</summary>
internal sealed class WarderMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Warder";

    private readonly Meter meter = new(Name);

    public WarderMeter(KeyCache cache)
    {
        meter.CreateObservableGauge("warder.cache.entries", () => cache.Count, "{entry}", "Secrets that are held in memory.");
        meter.CreateObservableGauge("warder.log.applied", () => cache.Applied, "{event}", "The last event that memory has applied.");
    }

    public void Dispose() => meter.Dispose();
}
