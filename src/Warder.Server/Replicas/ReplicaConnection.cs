using Microsoft.AspNetCore.Http;
using Warder.Engine.Hosting;
using Warder.Engine.Management;
using Warder.Engine.Replicas;
using Warder.Engine.Streams;
using Warder.Server.Http;

namespace Warder.Server.Replicas;

/// <summary>Accepts a replica's connection over HTTP.</summary>
internal static class ReplicaConnection
{
    /// <summary>Serves one connection until it ends.</summary>
    public static async Task Serve(HttpContext http, Node node, Caller caller)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await Refusals.ByStatus(http, 426);
            return;
        }

        if (node.Streams.TryEnter(caller) is var bound and not ShareBound.None)
        {
            await Refusals.NoPlace(http, bound);
            return;
        }

        try
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            using var stream = new ReplicaStream(node, socket, caller, http.Request.Headers.Authorization, http.RequestAborted);
            if (!node.ReplicaLeases.TryAdd(stream))
                return;
            try
            {
                await stream.Run();
            }
            finally
            {
                node.ReplicaLeases.Remove(stream);
            }
        }
        finally
        {
            node.Streams.Leave(caller);
        }
    }
}
