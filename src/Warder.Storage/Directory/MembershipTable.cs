using System.Data.Common;
using Warder.Core.Directory;
using Warder.Core.Time;
using Warder.Storage.Lists;

namespace Warder.Storage.Directory;

/// <summary>The table <c>memberships</c>. Reads leave out memberships of a deleted user or organization.</summary>
public static class MembershipTable
{
    private const string Select =
        "SELECT m.environment, m.id, m.user_id, m.organization_id, o.name, m.role_id, r.slug, m.status, m.created_at, m.updated_at,"
        + " " + UserTable.Columns
        + " FROM memberships m"
        + " JOIN organizations o ON o.environment = m.environment AND o.id = m.organization_id"
        + " JOIN users u ON u.environment = m.environment AND u.id = m.user_id"
        + " JOIN roles r ON r.environment = m.environment AND r.id = m.role_id";

    private const string Table = "memberships m";

    private const string Owners =
        "SELECT 1 FROM memberships m JOIN organizations o ON o.environment = m.environment AND o.id = m.organization_id"
        + " JOIN users u ON u.environment = m.environment AND u.id = m.user_id";

    private const string Living = "m.deleted_at IS NULL AND o.deleted_at IS NULL AND u.deleted_at IS NULL";

    /// <summary>Finds a membership by id; null when there is none.</summary>
    public static Membership? Find(Session session, int environment, string id, RowLock mode = RowLock.Share)
        => Find(session, "m.environment = $1 AND m.id = $2", mode, environment, id);

    /// <summary>The membership of a user in an organization.</summary>
    public static Membership? Find(Session session, int environment, string userId, string organizationId)
        => Find(
            session, "m.user_id = $1 AND m.organization_id = $2 AND m.environment = $3 AND m.deleted_at IS NULL", RowLock.Share,
            userId, organizationId, environment);

    /// <summary>Whether a membership of this id exists or existed: a cursor may name it.</summary>
    public static bool Existed(Session session, int environment, string id)
        => session.Number("SELECT COUNT(*) FROM memberships WHERE environment = $1 AND id = $2", environment, id) > 0;

    /// <summary>Reads a page of memberships.</summary>
    public static Page<Membership> List(
        Session session, int environment, string? userId, string? organizationId,
        IReadOnlyCollection<MembershipStatus>? statuses, PageRequest page)
    {
        var query = userId is not null
            ? new ListQuery(Select, Table, "m.id", "m.user_id = ? AND m.deleted_at IS NULL AND m.id > ''", userId)
            : organizationId is not null ? new ListQuery(Select, Table, "m.id", "m.organization_id = ?", organizationId)
            : new ListQuery(Select, Table, "m.id", "m.environment = ?", environment);
        if (userId is not null || organizationId is not null)
            query.Where("+m.environment = ?", environment);
        query.Where(Living).WhereIf(userId is null ? null : organizationId, "(m.organization_id || '') = ?");
        if (statuses is not null)
        {
            query.Where(
                "(m.status = ? OR m.status = ?)",
                statuses.Contains(MembershipStatus.Active) ? (int)MembershipStatus.Active : -1,
                statuses.Contains(MembershipStatus.Inactive) ? (int)MembershipStatus.Inactive : -1);
        }

        return query.Page(session, page, Map, static membership => membership.Id);
    }

    /// <summary>Counts the memberships that have a role and are not deleted.</summary>
    public static long CountWithRole(Session session, string roleId)
        => session.Number("SELECT COUNT(*) FROM memberships WHERE role_id = $1 AND deleted_at IS NULL", roleId);

    /// <summary>Adds a membership.</summary>
    public static void Insert(Session session, Membership membership)
        => session.Write(
            "INSERT INTO memberships (environment, id, user_id, organization_id, role_id, status, created_at, updated_at)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            membership.Environment, membership.Id, membership.UserId, membership.OrganizationId, membership.RoleId, (int)membership.Status,
            membership.CreatedAt.UnixMilliseconds, membership.UpdatedAt.UnixMilliseconds);

    /// <summary>Writes the columns that may change.</summary>
    public static void Update(Session session, Membership membership)
        => session.Write(
            "UPDATE memberships SET role_id = $1, status = $2, updated_at = $3 WHERE environment = $4 AND id = $5",
            membership.RoleId, (int)membership.Status, membership.UpdatedAt.UnixMilliseconds, membership.Environment, membership.Id);

    /// <summary>Deletes a membership, which no longer has its role.</summary>
    public static void Delete(Session session, Membership membership, Instant now)
        => session.Write(
            "UPDATE memberships SET deleted_at = $1 WHERE environment = $2 AND id = $3",
            now.UnixMilliseconds, membership.Environment, membership.Id);

    /// <summary>Locks all memberships of a user, before the keys that end with them are counted.</summary>
    public static void HoldOfUser(Session session, string userId)
        => session.LockRows(
            "SELECT 1 FROM memberships WHERE user_id = $1 AND deleted_at IS NULL ORDER BY id", RowLock.Update, null, userId);

    /// <summary>Locks all memberships of an organization, before the keys that end with them are counted.</summary>
    public static void HoldOfOrganization(Session session, string organizationId)
        => session.LockRows(
            "SELECT 1 FROM memberships WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id",
            RowLock.Update, null, organizationId);

    /// <summary>Deletes all memberships of a deleted user or organization.</summary>
    public static void DeleteOf(Session session, string? userId, string? organizationId, Instant now)
    {
        if (userId is not null)
            session.Write("UPDATE memberships SET deleted_at = $1 WHERE user_id = $2 AND deleted_at IS NULL", now.UnixMilliseconds, userId);
        if (organizationId is not null)
            session.Write(
                "UPDATE memberships SET deleted_at = $1 WHERE organization_id = $2 AND deleted_at IS NULL",
                now.UnixMilliseconds, organizationId);
    }

    // Locks owners before their memberships, in the same order everywhere. Reads the role once the locked membership can no longer get
    // another.
    private static Membership? Find(Session session, string which, RowLock mode, params ReadOnlySpan<object?> arguments)
    {
        session.LockRows(Owners + " WHERE " + which, RowLock.Share, "o, u", arguments);
        session.LockRows("SELECT 1 FROM memberships m WHERE " + which, mode, null, arguments);
        return session.First(session.Locked(Select + " WHERE " + which + " AND " + Living, RowLock.Share, "r"), Map, arguments);
    }

    private static Membership Map(DbDataReader row) => new()
    {
        Environment = row.GetInt32(0),
        Id = row.GetString(1),
        UserId = row.GetString(2),
        OrganizationId = row.GetString(3),
        OrganizationName = row.GetString(4),
        RoleId = row.GetString(5),
        RoleSlug = row.GetString(6),
        Status = (MembershipStatus)row.GetInt32(7),
        CreatedAt = row.Time(8),
        UpdatedAt = row.Time(9),
        User = UserTable.Map(row, 10),
    };
}
