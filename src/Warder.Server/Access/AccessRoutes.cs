using Warder.Contracts.Access;
using Warder.Contracts.Lists;
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
            "/authorization/permissions", Rights.PermissionsWrite, "Register a permission", Permissions.Create),
        Route.Get<ListPage<Permission>>("/authorization/permissions", Rights.PermissionsRead, "List permissions", Permissions.List),
        Route.Get<Permission>(Permission, Rights.PermissionsRead, "Show a permission", Permissions.Show),
        Route.Change<UpdatePermissionRequest, Permission>(
            "PATCH", Permission, Rights.PermissionsWrite, "Change a permission", Permissions.Update),
        Route.Delete(
            Permission, Rights.PermissionsWrite, "Delete a permission; no key has it any longer",
            Permissions.Delete) with { DryRun = false },

        Route.Create<CreateRoleRequest, Role>("/authorization/roles", Rights.PermissionsWrite, "Create a role", Roles.Create),
        Route.Get<ListPage<Role>>("/authorization/roles", Rights.PermissionsRead, "List roles", Roles.List),
        Route.Get<Role>(Role, Rights.PermissionsRead, "Show a role", Roles.Show),
        Route.Change<UpdateRoleRequest, Role>("PATCH", Role, Rights.PermissionsWrite, "Change a role", Roles.Update),
        Route.Delete(Role, Rights.PermissionsWrite, "Delete a role that no member has", Roles.Delete) with { DryRun = false },
        Route.Change<RolePermissionsRequest, Role>(
            "PUT", Role + "/permissions", Rights.PermissionsWrite, "Replace what a role holds", RolePermissions.Replace),
        Route.Change<RolePermissionsRequest, Role>(
            "POST", Role + "/permissions", Rights.PermissionsWrite, "Add to what a role holds", RolePermissions.Add),
        Route.Delete(
            Role + "/permissions/{permissionSlug}", Rights.PermissionsWrite, "Take a permission from a role", RolePermissions.Remove)
            with { Status = 200, Response = typeof(Role), DryRun = false },
    ];
}
