using Warder.Core.Management;

namespace Warder.Server.Http;

/// <summary>The access to a route. A new kind of credential adds a case here, and a check in the dispatcher.</summary>
internal abstract record RouteAccess
{
    private RouteAccess()
    {
    }

    /// <summary>A management key that has one right.</summary>
    /// <param name="Right">The single right.</param>
    public sealed record ManagementKey(Rights Right) : RouteAccess;

    /// <summary>Any client: the route takes no credential.</summary>
    public sealed record Everybody : RouteAccess;
}
