using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Warder.Core.Time;
using Warder.Server.Connections;

namespace Warder.Server.Http;

/// <summary>
/// Logs a line for each request, on demand. A line contains nothing that a client chooses freely: the route's pattern and not the path, a
/// known method, no query, no header and no body.
/// </summary>
internal sealed partial class AccessLog(ClientAddress addresses, ILoggerFactory loggers)
{
    /// <summary>The category of the lines.</summary>
    public const string Category = "Warder.Access";

    private const string None = "-";
    private static readonly object KeyItem = new();

    private static readonly HashSet<string> Methods = new(StringComparer.Ordinal)
    {
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
    };

    private readonly ILogger logger = loggers.CreateLogger(Category);

    /// <summary>Notes the management key of a request.</summary>
    public static void NoteKey(HttpContext http, string keyId) => http.Items[KeyItem] = keyId;

    /// <summary>Waits for the answer to a request, then logs the line.</summary>
    /// <param name="http">The request.</param>
    /// <param name="sent">The method that was sent.</param>
    /// <param name="startedMicroseconds">The start of the request, on the monotonic clock.</param>
    /// <param name="handling">Completes with the answer.</param>
    public async Task Record(HttpContext http, string sent, long startedMicroseconds, Task handling)
    {
        try
        {
            await handling;
        }
        finally
        {
            var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? None;
            var method = Methods.Contains(sent) ? sent : "OTHER";
            LogRequest(
                logger, method, route, http.Response.StatusCode, (Clock.MonotonicMicroseconds() - startedMicroseconds) / 1_000.0,
                http.Items[KeyItem] as string ?? None, RequestId.Of(http), addresses.Of(http)?.ToString() ?? None,
                http.RequestAborted.IsCancellationRequested);
        }
    }

    [LoggerMessage(
        LogLevel.Information,
        "{Method} {Route} {Status} in {DurationMs} ms, key {KeyId}, request {RequestId}, client {Client}, aborted {Aborted}")]
    private static partial void LogRequest(
        ILogger logger, string method, string route, int status, double durationMs, string keyId, string requestId, string client,
        bool aborted);
}
