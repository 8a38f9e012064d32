using Warder.Server.Access;
using Warder.Server.Directory;
using Warder.Server.Events;
using Warder.Server.Imports;
using Warder.Server.Keys;
using Warder.Server.Management;
using Warder.Server.Nodes;
using Warder.Server.Receipts;
using Warder.Server.Replicas;

namespace Warder.Server.Http;

/// <summary>Every route that needs a right, with that right. What is not here, nobody can call.</summary>
internal static class RouteTable
{
    public static IReadOnlyList<Route> All { get; } =
        [.. KeyRoutes.All, .. ImportSchemes.All, .. DirectoryRoutes.All, .. AccessRoutes.All, .. EventRoutes.All, .. ManagementRoutes.All, .. ListNodes.All,
            .. ReplicaRoutes.All, .. ReceiptRoutes.All];
}
