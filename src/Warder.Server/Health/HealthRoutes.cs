using Microsoft.Extensions.DependencyInjection;
using Warder.Contracts.Health;
using Warder.Core.Management;
using Warder.Server.Http;

namespace Warder.Server.Health;

/// <summary>
/// The routes of health: liveness and readiness need no key, and cost no I/O. The details need a right.
/// </summary>
internal static class HealthRoutes
{
    private static readonly byte[] Live = "{\"status\":\"live\"}"u8.ToArray();
    private static readonly byte[] Ready = "{\"status\":\"ready\"}"u8.ToArray();
    private static readonly byte[] Unavailable = "{\"status\":\"unavailable\"}"u8.ToArray();

    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Get<HealthReport, NodeHealth>(
            "/health", Rights.EnvironmentsRead,
            "Show how this node is, how far the readers of the log are, and how its background work goes", static node => node.Show),
        Route.ForEverybody("/health/live", "Whether the process lives", static _ => static http => Refusals.Respond(http, 200, Live)),
        Route.ForEverybody("/health/ready", "Whether this node can answer: 200, or 503", static services =>
        {
            var readiness = services.GetRequiredService<Readiness>();
            return http => readiness.IsReady ? Refusals.Respond(http, 200, Ready) : Refusals.Respond(http, 503, Unavailable);
        }),
    ];
}
