using Warder.Core.Management;

namespace Warder.Server.Http;

/// <summary>Says who may call a route. A kind of credential that is new adds a case here, and the dispatcher a way to check it.</summary>
internal abstract record RouteAccess
{
    private RouteAccess()
    {
    }

    /// <summary>A management key that has one right.</summary>
    /// <param name="Right">The single right.</param>
    public sealed record ManagementKey(Rights Right) : RouteAccess;

    /// <summary>Everybody: the route takes no credential.</summary>
    public sealed record Everybody : RouteAccess;
}
