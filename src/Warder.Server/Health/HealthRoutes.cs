using Microsoft.AspNetCore.Routing;
using Warder.Server.Http;

namespace Warder.Server.Health;

/// <summary>Whether the process lives, and whether it can serve. Nobody needs a key to ask, so neither costs I/O.</summary>
internal static class HealthRoutes
{
    private static readonly byte[] Live = "{\"status\":\"live\"}"u8.ToArray();
    private static readonly byte[] Ready = "{\"status\":\"ready\"}"u8.ToArray();
    private static readonly byte[] Unavailable = "{\"status\":\"unavailable\"}"u8.ToArray();

    public static void Map(IEndpointRouteBuilder routes, Readiness readiness)
    {
        PublicDocument.Map(routes, "/health/live", static http => Refusals.Respond(http, 200, Live));
        PublicDocument.Map(routes, "/health/ready", http => readiness.IsReady
            ? Refusals.Respond(http, 200, Ready)
            : Refusals.Respond(http, 503, Unavailable));
    }
}
