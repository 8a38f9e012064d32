using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Warder.Core.Time;
using Warder.Server.Health;

namespace Warder.Server.Hosting;

/// <summary>
/// The end of a server. It begins by being not ready, and by closing each connection after its next answer: so clients and balancers leave
/// before the server refuses them.
/// </summary>
internal sealed class Drain
{
    private volatile HealthProblem? stopping;

    /// <summary>Whether the server is about to stop.</summary>
    public bool IsUnderWay => stopping is not null;

    /// <summary>The stop, as a reason why the node is not ready; null: the server is not about to stop.</summary>
    public HealthProblem? Problem => stopping;

    /// <summary>Begins the end.</summary>
    public void Begin() => stopping = new HealthProblem(
        "stopping", "The server is stopping.", DateTimeOffset.FromUnixTimeMilliseconds(Clock.System.Now().UnixMilliseconds),
        IsBlocking: true);

    /// <summary>Makes the connection of a request close after its answer: <c>Connection: close</c>, or GOAWAY.</summary>
    public static void CloseAfter(HttpContext http)
    {
        if (HttpProtocol.IsHttp2(http.Request.Protocol))
            http.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        else
            http.Response.Headers.Connection = "close";
    }
}
