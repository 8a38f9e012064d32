using Warder.Contracts.Access;
using Warder.Core.Management;
using Warder.Server.Http;

namespace Warder.Server.Access;

/// <summary>The routes of permissions and roles.</summary>
internal static class AccessRoutes
{
    private const string Permission = "/authorization/permissions/{slug}";
    private const string Role = "/authorization/roles/{slug}";

    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Create<CreatePermissionRequest, Permission>(
            "/authorization/permissions", Rights.PermissionsWrite, "Register a permission", PermissionCalls.Create),
        Route.List<Permission>("/authorization/permissions", Rights.PermissionsRead, "List permissions", PermissionCalls.List),
        Route.Get<Permission>(Permission, Rights.PermissionsRead, "Show a permission", PermissionCalls.Show),
        Route.Change<UpdatePermissionRequest, Permission>(
            "PATCH", Permission, Rights.PermissionsWrite, "Change a permission", PermissionCalls.Update),
        Route.Delete(
            Permission, Rights.PermissionsWrite, "Delete a permission; no key has it any longer",
            PermissionCalls.Delete) with { DryRun = false },

        Route.Create<CreateRoleRequest, Role>("/authorization/roles", Rights.PermissionsWrite, "Create a role", RoleCalls.Create),
        Route.List<Role>("/authorization/roles", Rights.PermissionsRead, "List roles", RoleCalls.List),
        Route.Get<Role>(Role, Rights.PermissionsRead, "Show a role", RoleCalls.Show),
        Route.Change<UpdateRoleRequest, Role>("PATCH", Role, Rights.PermissionsWrite, "Change a role", RoleCalls.Update),
        Route.Delete(Role, Rights.PermissionsWrite, "Delete a role that no member has", RoleCalls.Delete) with { DryRun = false },
        Route.Change<RolePermissionsRequest, Role>(
            "PUT", Role + "/permissions", Rights.PermissionsWrite, "Replace what a role holds", RoleCalls.ReplacePermissions),
        Route.Change<RolePermissionsRequest, Role>(
            "POST", Role + "/permissions", Rights.PermissionsWrite, "Add to what a role holds", RoleCalls.AddPermissions),
        Route.Delete(
            Role + "/permissions/{permissionSlug}", Rights.PermissionsWrite, "Take a permission from a role", RoleCalls.RemovePermission)
            with { Status = 200, Response = typeof(Role), DryRun = false },
    ];
}
