using Warder.Contracts.Replicas;
using Warder.Core.Management;
using Warder.Server.Http;

namespace Warder.Server.Replicas;

/// <summary>The routes of verifiers inside applications.</summary>
internal static class ReplicaRoutes
{
    public static IReadOnlyList<Route> All { get; } =
    [
        new("GET", "/replicas/stream", Rights.KeysValidate, _ => throw new InvalidOperationException("Has a handler of its own."))
        {
            Status = 101, Summary = "Connect a replica (WebSocket)", Direct = node => (http, caller) => ReplicaStream.Serve(http, node, caller),
        },
        Route.Get<PreloadedKeys>("/replicas/keys", Rights.ReplicasPreload, "Read all keys, by their digests, into a replica", PreloadKeys.Run),
    ];
}
