using System.Collections.Frozen;
using System.Diagnostics;
using OpenTelemetry;

namespace Warder.Server.Telemetry;

/// <summary>
/// Removes from a trace what a client chooses freely: only tags of a list stay, and the trace's state does not. A path, a query and a
/// header may contain secrets.
/// </summary>
internal sealed class TraceScrubber : BaseProcessor<Activity>
{
    private static readonly FrozenSet<string> Kept = new[]
    {
        "http.request.method", "http.response.status_code", "http.route", "url.scheme", "network.protocol.name", "network.protocol.version",
        "server.port", "error.type",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void OnStart(Activity data) => data.TraceStateString = null;

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        data.TraceStateString = null;
        // The name may be the path; the route's pattern replaces it.
        data.DisplayName = data.GetTagItem("http.route") as string ?? data.OperationName;
        foreach (var (name, _) in data.TagObjects.ToList())
        {
            if (!Kept.Contains(name))
                data.SetTag(name, null);
        }

        foreach (var (name, _) in data.Baggage.ToList())
            data.SetBaggage(name, null);
    }
}
