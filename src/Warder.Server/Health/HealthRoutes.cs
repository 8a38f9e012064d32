using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warder.Server.Hosting;
using Warder.Server.Http;
using Warder.Storage;

namespace Warder.Server.Health;

/// <summary>Whether the process lives, and whether it can serve. Nobody needs a key to ask.</summary>
internal static class HealthRoutes
{
    public static void Map(IEndpointRouteBuilder routes, Node node)
    {
        routes.MapMethods("/health/live", ["GET"], http => Refusals.Respond(http, 200, "{\"status\":\"live\"}"u8.ToArray()));
        routes.MapMethods("/health/ready", ["GET"], http => CanServe(node)
            ? Refusals.Respond(http, 200, "{\"status\":\"ready\"}"u8.ToArray())
            : Refusals.Respond(http, 503, "{\"status\":\"unavailable\"}"u8.ToArray()));
    }

    private static bool CanServe(Node node)
    {
        try
        {
            node.Store.Read(Log.Head);
            return node.Refusal is null;
        }
        catch (StorageException)
        {
            return false;
        }
    }
}
