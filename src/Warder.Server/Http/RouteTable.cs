using Warder.Server.Access;
using Warder.Server.Directory;
using Warder.Server.Events;
using Warder.Server.Health;
using Warder.Server.Imports;
using Warder.Server.Keys;
using Warder.Server.Management;
using Warder.Server.Nodes;
using Warder.Server.Openapi;
using Warder.Server.Receipts;
using Warder.Server.Replicas;
using Warder.Server.Telemetry;

namespace Warder.Server.Http;

/// <summary>All routes and their access. No other route can be called.</summary>
internal static class RouteTable
{
    public static IReadOnlyList<Route> All { get; } =
        [.. KeyRoutes.All, .. ImportRoutes.All, .. DirectoryRoutes.All, .. AccessRoutes.All, .. EventRoutes.All, .. ManagementRoutes.All,
            .. ListNodes.All, .. ReplicaRoutes.All, .. ReceiptRoutes.All, .. HealthRoutes.All, .. PrometheusMetrics.All,
            .. ApiDescription.All];

    /// <summary>The routes that require a management key.</summary>
    public static IReadOnlyList<Route> ForManagementKeys { get; }
        = [.. All.Where(static route => route.Access is RouteAccess.ManagementKey)];
}
