using System.Data.Common;
using Warder.Core.Directory;
using Warder.Core.Time;
using Warder.Storage.Lists;

namespace Warder.Storage.Directory;

/// <summary>
/// The table <c>users</c>. A deleted user keeps its row without the personal values, and frees its e-mail and external id.
/// </summary>
public static class UserTable
{
    private const string Select =
        "SELECT environment, id, email, first_name, last_name, email_verified, external_id, metadata, created_at, updated_at FROM users";

    /// <summary>The columns that <see cref="Map(DbDataReader, int)"/> reads, of a table with the alias <c>u</c>.</summary>
    internal const string Columns =
        "u.environment, u.id, u.email, u.first_name, u.last_name, u.email_verified,"
        + " u.external_id, u.metadata, u.created_at, u.updated_at";

    private const string Members =
        "SELECT " + Columns + " FROM memberships x"
        + " JOIN users u ON u.environment = x.environment AND u.id = x.user_id";

    /// <summary>Finds a user by id; null when there is none.</summary>
    public static User? Find(Session session, int environment, string id, RowLock mode = RowLock.Share)
        => session.First(session.Locked(Select + " WHERE environment = $1 AND id = $2 AND deleted_at IS NULL", mode), Map, environment, id);

    /// <summary>Checks that a user exists, and locks its row. There is no row for a missing or deleted user.</summary>
    public static Deferred<bool> DeferExists(Session session, int environment, string id)
        => session.Defer(
            session.Locked("SELECT 1 FROM users WHERE environment = $1 AND id = $2 AND deleted_at IS NULL", RowLock.Share),
            static _ => true, environment, id);

    /// <summary>Locks a user, deleted or not.</summary>
    public static void LockRows(Session session, int environment, string id, RowLock mode)
        => session.LockRows("SELECT 1 FROM users WHERE environment = $1 AND id = $2", mode, null, environment, id);

    /// <summary>One, by the customer's own id.</summary>
    public static User? FindByExternalId(Session session, int environment, string externalId)
        => session.First(Select + " WHERE environment = $1 AND external_id = $2 AND deleted_at IS NULL", Map, environment, externalId);

    /// <summary>One, by e-mail, ignoring case.</summary>
    public static User? FindByEmail(Session session, int environment, string email)
        => session.First(Select + " WHERE environment = $1 AND email_folded = $2 AND deleted_at IS NULL", Map, environment, Fold(email));

    /// <summary>Whether a user of this id exists or existed: a cursor may name it.</summary>
    public static bool Existed(Session session, int environment, string id)
        => session.Number("SELECT COUNT(*) FROM users WHERE environment = $1 AND id = $2", environment, id) > 0;

    /// <summary>Reads a page of users.</summary>
    public static Page<User> List(Session session, int environment, string? email, string? organizationId, PageRequest page)
    {
        var query = email is not null
            ? new ListQuery(
                Select + " u", "users u", "u.id", "u.environment = ? AND u.email_folded = ? AND u.deleted_at IS NULL",
                environment, Fold(email))
                .WhereIf(
                    organizationId,
                    "EXISTS (SELECT 1 FROM memberships x WHERE x.user_id = u.id AND x.organization_id = ? AND x.deleted_at IS NULL)")
            // Reads the memberships, because their index has the users in the order of the list.
            : organizationId is not null
                ? new ListQuery(Members, "memberships x", "x.user_id", "x.organization_id = ? AND x.deleted_at IS NULL", organizationId)
                    .Where("+x.environment = ? AND u.deleted_at IS NULL", environment)
                : new ListQuery(Select + " u", "users u", "u.id", "u.environment = ?", environment).Where("u.deleted_at IS NULL");
        return query.Page(session, page, Map, static user => user.Id);
    }

    /// <summary>Adds a user.</summary>
    public static void Insert(Session session, User user)
        => session.Write(
            "INSERT INTO users (environment, id, email, email_folded, first_name, last_name,"
            + " email_verified, external_id, metadata, created_at, updated_at)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            user.Environment, user.Id, user.Email, Fold(user.Email), user.FirstName, user.LastName,
            user.EmailVerified ? 1 : 0, user.ExternalId, Metadata.Write(user.Metadata),
            user.CreatedAt.UnixMilliseconds, user.UpdatedAt.UnixMilliseconds);

    /// <summary>Writes the columns that may change.</summary>
    public static void Update(Session session, User user)
        => session.Write(
            "UPDATE users SET email = $1, email_folded = $2, first_name = $3, last_name = $4,"
            + " email_verified = $5, external_id = $6, metadata = $7,"
            + " updated_at = $8 WHERE environment = $9 AND id = $10",
            user.Email, Fold(user.Email), user.FirstName, user.LastName,
            user.EmailVerified ? 1 : 0, user.ExternalId, Metadata.Write(user.Metadata),
            user.UpdatedAt.UnixMilliseconds, user.Environment, user.Id);

    /// <summary>Deletes a user, and wipes the personal values.</summary>
    public static void Delete(Session session, User user, Instant now)
        => session.Write(
            "UPDATE users SET deleted_at = $1, email = '', email_folded = '', first_name = NULL, last_name = NULL, metadata = '{}'"
            + " WHERE environment = $2 AND id = $3",
            now.UnixMilliseconds, user.Environment, user.Id);

    // As mail systems compare addresses in practice: without case.
    private static string Fold(string email) => email.ToLowerInvariant();

    private static User Map(DbDataReader row) => Map(row, 0);

    /// <summary>Reads a user from the columns that begin at a place.</summary>
    internal static User Map(DbDataReader row, int at) => new()
    {
        Environment = row.GetInt32(at),
        Id = row.GetString(at + 1),
        Email = row.GetString(at + 2),
        FirstName = row.TextOrNull(at + 3),
        LastName = row.TextOrNull(at + 4),
        EmailVerified = row.Flag(at + 5),
        ExternalId = row.TextOrNull(at + 6),
        Metadata = Metadata.Read(row.GetString(at + 7)),
        CreatedAt = row.Time(at + 8),
        UpdatedAt = row.Time(at + 9),
    };
}
