using System.Data.Common;
using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Time;
using Warder.Storage.Lists;

namespace Warder.Storage.Access;

/// <summary>The table <c>permissions</c>.</summary>
public static class PermissionTable
{
    internal const string Columns =
        "p.environment, p.id, p.slug, p.name, p.description, p.resource_type_slug, p.allowed_owner_types, p.created_at, p.updated_at";

    private const string Select = "SELECT " + Columns + " FROM permissions p";

    /// <summary>Finds the registered permission of a slug; null when there is none.</summary>
    public static Permission? Find(Session session, int environment, string slug, RowLock mode = RowLock.Share)
        => session.First(
            session.Locked(Select + " WHERE p.environment = $1 AND p.slug = $2 AND p.deleted_at IS NULL", mode), Map, environment, slug);

    /// <summary>Whether a permission of this id exists or existed: a cursor may name it.</summary>
    public static bool Existed(Session session, int environment, string id)
        => session.Number("SELECT COUNT(*) FROM permissions WHERE environment = $1 AND id = $2", environment, id) > 0;

    /// <summary>Reads a page of permissions.</summary>
    public static Page<Permission> List(Session session, int environment, PageRequest page)
        => new ListQuery(Select, "permissions p", "p.id", "p.environment = ?", environment)
            .Where("p.deleted_at IS NULL")
            .Page(session, page, Map, static permission => permission.Id);

    /// <summary>Adds a permission.</summary>
    public static void Insert(Session session, Permission permission)
        => session.Write(
            "INSERT INTO permissions (environment, id, slug, name, description,"
            + " resource_type_slug, allowed_owner_types, created_at, updated_at)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            permission.Environment, permission.Id, permission.Slug, permission.Name, permission.Description, permission.ResourceTypeSlug,
            (int)permission.AllowedOwnerTypes, permission.CreatedAt.UnixMilliseconds, permission.UpdatedAt.UnixMilliseconds);

    /// <summary>Writes the columns that may change.</summary>
    public static void Update(Session session, Permission permission)
        => session.Write(
            "UPDATE permissions SET name = $1, description = $2, allowed_owner_types = $3, updated_at = $4"
            + " WHERE environment = $5 AND id = $6",
            permission.Name, permission.Description, (int)permission.AllowedOwnerTypes, permission.UpdatedAt.UnixMilliseconds,
            permission.Environment, permission.Id);

    /// <summary>Deletes a permission. Every key loses it. A later permission with the same slug is a different one.</summary>
    public static void Delete(Session session, Permission permission, Instant now)
        => session.Write(
            "UPDATE permissions SET deleted_at = $1 WHERE environment = $2 AND id = $3",
            now.UnixMilliseconds, permission.Environment, permission.Id);

    internal static Permission Map(DbDataReader row) => new()
    {
        Environment = row.GetInt32(0),
        Id = row.GetString(1),
        Slug = row.GetString(2),
        Name = row.GetString(3),
        Description = row.TextOrNull(4),
        ResourceTypeSlug = row.GetString(5),
        AllowedOwnerTypes = (OwnerTypes)row.GetInt32(6),
        CreatedAt = row.Time(7),
        UpdatedAt = row.Time(8),
    };
}
