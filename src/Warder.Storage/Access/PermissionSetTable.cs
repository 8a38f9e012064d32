using System.Security.Cryptography;
using System.Text;
using Warder.Core.Access;

namespace Warder.Storage.Access;

/// <summary>
/// The stored sets of granted permissions: one row for each distinct list, for any number of keys. A set's content never changes.
/// </summary>
public static class PermissionSetTable
{
    /// <summary>Finds the set of exactly these permissions in this order, and adds it when it is missing.</summary>
    public static long Intern(Session session, int environment, IReadOnlyList<Permission> permissions)
    {
        var digest = SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(',', permissions.Select(permission => permission.Id))));
        var id = session.Number("SELECT id FROM permission_sets WHERE environment = $1 AND digest = $2", environment, digest);
        if (id != 0)
            return id;
        id = session.Number(
            "INSERT INTO permission_sets (id, environment, digest)"
            + " SELECT COALESCE(MAX(id), 0) + 1, $1, $2 FROM permission_sets RETURNING id",
            environment, digest);
        for (var i = 0; i < permissions.Count; i++)
        {
            session.Write(
                "INSERT INTO permission_set_members (set_id, position, permission_id) VALUES ($1, $2, $3)", id, i, permissions[i].Id);
        }

        return id;
    }

    /// <summary>Reads the registered permissions of a set, in order.</summary>
    public static Deferred<Permission> DeferLiving(Session session, int environment, long id)
        => DeferLiving(session, environment, "$2", id);

    /// <summary>Reads the registered permissions of a key's set, in order.</summary>
    public static Deferred<Permission> DeferLivingOf(Session session, int environment, string keyId)
        => DeferLiving(session, environment, "(SELECT permission_set_id FROM api_keys WHERE environment = $1 AND id = $2)", keyId);

    private static Deferred<Permission> DeferLiving(Session session, int environment, string set, object argument)
        => session.Defer(
            session.Locked(
                "SELECT " + PermissionTable.Columns + " FROM permission_set_members s"
                + " JOIN permissions p ON p.environment = $1 AND p.id = s.permission_id"
                + " WHERE s.set_id = " + set + " AND p.deleted_at IS NULL ORDER BY s.position", RowLock.Share, "p"),
            PermissionTable.Map, environment, argument);
}
