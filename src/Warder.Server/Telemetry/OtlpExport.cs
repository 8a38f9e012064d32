using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Warder.Server.Telemetry;

/// <summary>
/// Sends metrics and traces over OTLP when the standard variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> configures an endpoint; else does
/// nothing, and costs nothing.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    private readonly MeterProvider meters;
    private readonly TracerProvider traces;

    private OtlpExport(MeterProvider meters, TracerProvider traces) => (this.meters, this.traces) = (meters, traces);

    /// <summary>Starts the export, if an endpoint is configured.</summary>
    /// <returns>Null: there is no endpoint.</returns>
    public static OtlpExport? Start()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT")))
            return null;
        var resource = ResourceBuilder.CreateDefault().AddService("warder");
        return new OtlpExport(
            Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter(WarderMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddOtlpExporter()
                .Build(),
            Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource("Microsoft.AspNetCore")
                // Before the exporter: it exports what the scrubber has left.
                .AddProcessor(new TraceScrubber())
                .AddOtlpExporter()
                .Build());
    }

    public void Dispose()
    {
        meters.Dispose();
        traces.Dispose();
    }
}
