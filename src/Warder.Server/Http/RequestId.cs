using Microsoft.AspNetCore.Http;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Time;

namespace Warder.Server.Http;

/// <summary>The id that a request has in its answer, in events and in the log.</summary>
internal static class RequestId
{
    private const string Header = "X-Request-ID";

    /// <summary>The request's id; made, and put into the answer's header, when it is first asked for.</summary>
    public static string Of(HttpContext http)
    {
        if (http.Response.Headers.TryGetValue(Header, out var present))
            return present.ToString();
        var id = Id.New(IdKind.Request, Clock.System.Now(), Entropy.System);
        http.Response.Headers[Header] = id;
        return id;
    }
}
