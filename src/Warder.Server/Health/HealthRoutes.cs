using Microsoft.AspNetCore.Http;
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

    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Get<HealthReport, NodeHealth>(
            "/health", Rights.EnvironmentsRead,
            "Show how this node is, how far the readers of the log are, and how its background work goes", static node => node.Show),
        Route.ForEverybody("/health/live", "Whether the process lives", static _ => static http => Refusals.Respond(http, 200, Live)),
        Route.ForEverybody(
            "/health/ready",
            "Whether this node can answer: 200, or 503. A management key with environments:read sees what is wrong, and since when",
            Route.Bind<ShowReadiness, RequestDelegate>(static show => show.Show)),
    ];
}
