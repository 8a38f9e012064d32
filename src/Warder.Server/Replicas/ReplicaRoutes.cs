using Warder.Core.Management;
using Warder.Protocol;
using Warder.Server.Http;

namespace Warder.Server.Replicas;

/// <summary>The routes of replicas.</summary>
internal static class ReplicaRoutes
{
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Own(
            "GET", "/replicas/stream", Rights.KeysValidate, "Connect a replica (WebSocket)",
            Route.Bind<ReplicaConnection, DirectHandler>(static connection => connection.Serve)) with { Status = 101 },
        Route.Get<PreloadedKeys, PreloadKeys>(
            "/replicas/keys", Rights.ReplicasPreload, "Read all keys, by their digests, into a replica", static keys => keys.Run)
            with { Query = [new("after", "The place that the page follows.")] },
    ];
}
