using Microsoft.Extensions.DependencyInjection;
using Warder.Server.Http;

namespace Warder.Server.Health;

/// <summary>Whether the process lives, and whether it can serve. Nobody needs a key to ask, so neither costs I/O.</summary>
internal static class HealthRoutes
{
    private static readonly byte[] Live = "{\"status\":\"live\"}"u8.ToArray();
    private static readonly byte[] Ready = "{\"status\":\"ready\"}"u8.ToArray();
    private static readonly byte[] Unavailable = "{\"status\":\"unavailable\"}"u8.ToArray();

    public static IReadOnlyList<Route> All { get; } =
    [
        Route.ForEverybody("/health/live", "Whether the process lives", static _ => static http => Refusals.Respond(http, 200, Live)),
        Route.ForEverybody("/health/ready", "Whether this node can answer: 200, or 503", static services =>
        {
            var readiness = services.GetRequiredService<Readiness>();
            return http => readiness.IsReady ? Refusals.Respond(http, 200, Ready) : Refusals.Respond(http, 503, Unavailable);
        }),
    ];
}
