using Warder.Core.Access;
using Warder.Core.Faults;
using Warder.Engine.Changes;
using Warder.Storage.Access;
using Warder.Storage.Journal;

namespace Warder.Engine.Access;

/// <summary>The permissions of a role. The first change here caps an uncapped role, even with an empty list.</summary>
internal static class RolePermissions
{
    /// <summary>The largest number of permissions of a role.</summary>
    public const int MostPermissions = 1000;

    /// <summary>Replaces the permissions of a role.</summary>
    public static Task<Result<Answer>> Replace(ChangeContext changes, string slug, IReadOnlyList<string> permissions)
        => Roles.Change(changes, slug, (context, role) =>
        {
            var resolved = Resolve(changes, context, permissions, "permissions");
            return resolved.Fault is { } refused ? refused : role with { Capped = true, Permissions = resolved.Value };
        });

    /// <summary>Adds permissions to a role.</summary>
    /// <param name="changes">The context of the change.</param>
    /// <param name="slug">The role's slug.</param>
    /// <param name="permissions">The permissions' slugs.</param>
    /// <param name="field">The member that names them, for faults: <c>permissions</c>, or <c>slug</c> for one permission.</param>
    public static Task<Result<Answer>> Add(ChangeContext changes, string slug, IReadOnlyList<string> permissions, string field)
        => Roles.Change(changes, slug, (context, role) =>
        {
            var added = Resolve(changes, context, permissions, field);
            if (added.Fault is { } refused)
                return refused;
            List<Permission> together = [.. role.Permissions.Concat(added.Value).DistinctBy(permission => permission.Id)];
            return together.Count > MostPermissions
                ? Fault.Field("permissions", "too_many", $"A role holds at most {MostPermissions} permissions.")
                : role with { Capped = true, Permissions = together };
        });

    /// <summary>Takes a permission from a role.</summary>
    public static Task<Result<Answer>> Remove(ChangeContext changes, string slug, string permission)
        => Roles.Change(changes, slug, (_, role) => role.Permissions.Any(held => held.Slug == permission)
            ? role with { Capped = true, Permissions = [.. role.Permissions.Where(held => held.Slug != permission)] }
            : Fault.NotFound("Permission of this role"));

    private static Result<IReadOnlyList<Permission>> Resolve(
        ChangeContext changes, CommandContext context, IReadOnlyList<string> slugs, string field)
    {
        var permissions = new List<Permission>(slugs.Count);
        var faults = new List<FieldFault>();
        for (var i = 0; i < slugs.Count; i++)
        {
            if (PermissionTable.Find(context.Session, changes.Environment, slugs[i]) is not { } permission)
                faults.Add(
                    new FieldFault(
                        field == "slug" ? field : $"{field}[{i}]", "unknown_permission", $"'{slugs[i]}' is not a registered permission."));
            else if (!permissions.Exists(other => other.Id == permission.Id))
                permissions.Add(permission);
        }

        if (faults.Count > 0)
            return Fault.Invalid(faults);
        return permissions;
    }
}
