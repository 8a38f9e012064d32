using System.Data.Common;
using Warder.Core.Access;
using Warder.Core.Time;
using Warder.Storage.Lists;

namespace Warder.Storage.Access;

/// <summary>The tables <c>roles</c> and <c>role_permissions</c>.</summary>
public static class RoleTable
{
    private const string Select =
        "SELECT environment, id, slug, name, description, resource_type_slug, capped, built_in, created_at, updated_at FROM roles";

    /// <summary>Finds the role of a slug, with its permissions; null when there is none.</summary>
    public static Role? Find(Session session, int environment, string slug, RowLock mode = RowLock.Share)
        => WithPermissions(
            session, session.First(
                session.Locked(Select + " WHERE environment = $1 AND slug = $2 AND deleted_at IS NULL", mode), Map, environment, slug));

    /// <summary>Reads a role by id, with its permissions.</summary>
    public static Role Get(Session session, int environment, string id) => Defer(session, environment, id).Value;

    /// <summary>Reads a role by id, with its permissions, when it is needed.</summary>
    public static Lazy<Role> Defer(Session session, int environment, string id)
    {
        var role = session.Defer(session.Locked(Select + " WHERE environment = $1 AND id = $2", RowLock.Share), Map, environment, id);
        var permissions = DeferPermissions(session, environment, id);
        return new Lazy<Role>(
            () => (role.First ?? throw new InvalidOperationException("A membership's role is missing."))
                with { Permissions = permissions.Rows },
            isThreadSafe: false);
    }

    /// <summary>Whether a role of this id exists or existed: a cursor may name it.</summary>
    public static bool Existed(Session session, int environment, string id)
        => session.Number("SELECT COUNT(*) FROM roles WHERE environment = $1 AND id = $2", environment, id) > 0;

    /// <summary>Reads a page of roles, with their permissions.</summary>
    public static Page<Role> List(Session session, int environment, PageRequest page)
        => new ListQuery(Select, "roles", "id", "environment = ?", environment)
            .Where("deleted_at IS NULL")
            .Page(session, page, Map, static role => role.Id)
            .Select(role => (Role: role, Permissions: DeferPermissions(session, role.Environment, role.Id)))
            .Select(static deferred => deferred.Role with { Permissions = deferred.Permissions.Rows });

    /// <summary>Adds a role, with its permissions.</summary>
    public static void Insert(Session session, Role role)
    {
        session.Write(
            "INSERT INTO roles (environment, id, slug, name, description, resource_type_slug, capped, built_in, created_at, updated_at)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            role.Environment, role.Id, role.Slug, role.Name, role.Description, role.ResourceTypeSlug,
            role.Capped ? 1 : 0, role.BuiltIn ? 1 : 0, role.CreatedAt.UnixMilliseconds, role.UpdatedAt.UnixMilliseconds);
        WritePermissions(session, role);
    }

    /// <summary>Writes the columns that may change, and the role's permissions.</summary>
    public static void Update(Session session, Role role)
    {
        session.Write(
            "UPDATE roles SET name = $1, description = $2, capped = $3, updated_at = $4 WHERE environment = $5 AND id = $6",
            role.Name, role.Description, role.Capped ? 1 : 0, role.UpdatedAt.UnixMilliseconds, role.Environment, role.Id);
        session.Write("DELETE FROM role_permissions WHERE role_id = $1", role.Id);
        WritePermissions(session, role);
    }

    /// <summary>Deletes a role that no membership has.</summary>
    public static void Delete(Session session, Role role, Instant now)
        => session.Write(
            "UPDATE roles SET deleted_at = $1 WHERE environment = $2 AND id = $3", now.UnixMilliseconds, role.Environment, role.Id);

    private static void WritePermissions(Session session, Role role)
    {
        for (var i = 0; i < role.Permissions.Count; i++)
        {
            session.Write(
                "INSERT INTO role_permissions (role_id, permission_id, position) VALUES ($1, $2, $3)", role.Id, role.Permissions[i].Id, i);
        }
    }

    private static Role? WithPermissions(Session session, Role? role)
        => role is null ? null : role with { Permissions = DeferPermissions(session, role.Environment, role.Id).Rows };

    private static Deferred<Permission> DeferPermissions(Session session, int environment, string id)
        => session.Defer(
            session.Locked(
                "SELECT " + PermissionTable.Columns + " FROM role_permissions rp"
                + " JOIN permissions p ON p.environment = $1 AND p.id = rp.permission_id"
                + " WHERE rp.role_id = $2 AND p.deleted_at IS NULL ORDER BY rp.position", RowLock.Share, "p"),
            PermissionTable.Map, environment, id);

    private static Role Map(DbDataReader row) => new()
    {
        Environment = row.GetInt32(0),
        Id = row.GetString(1),
        Slug = row.GetString(2),
        Name = row.GetString(3),
        Description = row.TextOrNull(4),
        ResourceTypeSlug = row.GetString(5),
        Capped = row.Flag(6),
        BuiltIn = row.Flag(7),
        CreatedAt = row.Time(8),
        UpdatedAt = row.Time(9),
    };
}
