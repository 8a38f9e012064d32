using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Warder.Core.Management;
using Warder.Engine.Management;
using Warder.Server.Http;

namespace Warder.Server.Telemetry;

/// <summary>
/// Answers <c>GET /metrics</c> in the text formats of Prometheus and OpenMetrics. The collection starts with the first request, so a server
/// that no collector reads pays nothing.
/// </summary>
/// <remarks>Thread-safe. The exporter collects once for requests that come together, and keeps the text for a second.</remarks>
internal sealed class PrometheusMetrics(IServiceProvider services) : IDisposable
{
    private const int KeptMilliseconds = 1_000;

    // The meter of requests is left out: it would record a histogram for each validation.
    private static readonly string[] Sources = [WarderMeter.Name, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private readonly Lazy<(MeterProvider Meters, RequestDelegate Answer)> collection = new(() => Start(services));

    /// <summary>The route.</summary>
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Own(
            "GET", "/metrics", Rights.EnvironmentsRead, "Show the metrics of this node in Prometheus' text format",
            static services => services.GetRequiredService<PrometheusMetrics>().Show),
    ];

    /// <summary>Ends the collection, if it started.</summary>
    public void Dispose()
    {
        if (collection.IsValueCreated)
            collection.Value.Meters.Dispose();
    }

    private Task Show(HttpContext http, Caller caller) => collection.Value.Answer(http);

    private static (MeterProvider Meters, RequestDelegate Answer) Start(IServiceProvider services)
    {
        var meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("warder"))
            .AddMeter(Sources)
            .AddPrometheusExporter(static exporter => exporter.ScrapeResponseCacheDurationMilliseconds = KeptMilliseconds)
            .Build();
        var branch = new ApplicationBuilder(services);
        branch.UseOpenTelemetryPrometheusScrapingEndpoint(
            meters, predicate: static _ => true, path: null, configureBranchedPipeline: null, optionsName: null);
        return (meters, branch.Build());
    }
}
