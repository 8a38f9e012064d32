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
        routes.MapMethods("/health/ready", ["GET"], http => CanAnswer(node)
            ? Refusals.Respond(http, 200, "{\"status\":\"ready\"}"u8.ToArray())
            : Refusals.Respond(http, 503, "{\"status\":\"unavailable\"}"u8.ToArray()));
    }

    // One of several nodes answers from memory for as long as it holds its lease, whatever the database does.
    private static bool CanAnswer(Node node)
    {
        if (!node.Lease.IsPermanent && node.Lease.IsHeld)
            return true;
        try
        {
            if (node.Refusal is not null)
                return false;
            node.Store.Read(Log.Head);
            return true;
        }
        catch (StorageException)
        {
            return false;
        }
    }
}
