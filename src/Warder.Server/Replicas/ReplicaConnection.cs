using Microsoft.AspNetCore.Http;
using Warder.Engine.Management;
using Warder.Engine.Replicas;
using Warder.Engine.Streams;
using Warder.Server.Http;

namespace Warder.Server.Replicas;

/// <summary>Accepts a replica's connection over HTTP.</summary>
internal sealed class ReplicaConnection(ReplicaStreamParts parts)
{
    /// <summary>Serves one connection until it ends.</summary>
    public async Task Serve(HttpContext http, Caller caller)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await Refusals.ByStatus(http, 426);
            return;
        }

        if (parts.Quota.TryEnter(caller) is var bound and not ShareBound.None)
        {
            await Refusals.NoPlace(http, bound);
            return;
        }

        try
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            using var stream = new ReplicaStream(parts, socket, caller, http.Request.Headers.Authorization, http.RequestAborted);
            if (!parts.Leases.TryAdd(stream))
                return;
            try
            {
                await stream.Run();
            }
            finally
            {
                parts.Leases.Remove(stream);
            }
        }
        finally
        {
            parts.Quota.Leave(caller);
        }
    }
}
