using System.Data.Common;
using System.Text;
using Warder.Core.Directory;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Verification;

namespace Warder.Storage.Verification;

/// <summary>Reads what a validation needs of one secret: a miss of the cache. All of it comes from one snapshot, with the log's head in it.</summary>
public static class KeyLoader
{
    private const string Select =
        "SELECT h.seq, k.id, s.number, k.organization_id, o.deleted_at IS NOT NULL, k.permission_set_id, k.state, k.suspended_at IS NOT NULL, s.ended,"
        + " k.expires_at, s.ends_at, k.created_at, k.updated_at, x.last_used_at, k.name, s.obfuscated_value,"
        + " m.id, m.status, m.deleted_at IS NOT NULL, m.user_id, u.deleted_at IS NOT NULL, m.role_id, r.capped"
        + " FROM api_key_secrets s"
        + " JOIN log_head h ON h.id = 1"
        + " JOIN api_keys k ON k.environment = s.environment AND k.id = s.key_id"
        + " JOIN organizations o ON o.environment = k.environment AND o.id = k.organization_id"
        + " LEFT JOIN api_key_uses x ON x.key_id = s.key_id AND x.secret_number = s.number"
        + " LEFT JOIN memberships m ON m.environment = k.environment AND m.id = k.membership_id"
        + " LEFT JOIN users u ON u.environment = k.environment AND u.id = m.user_id"
        + " LEFT JOIN roles r ON r.environment = k.environment AND r.id = m.role_id"
        + " WHERE s.environment = $1 AND s.digest = $2 AND (k.membership_id = '' OR m.id IS NOT NULL)";

    private const string Granted =
        "SELECT p.id, p.slug, p.allowed_owner_types, p.deleted_at IS NOT NULL FROM permission_set_members m"
        + " JOIN permissions p ON p.environment = $1 AND p.id = m.permission_id WHERE m.set_id = $2 ORDER BY m.position";

    /// <summary>The secret of that digest in that environment; null when there is none.</summary>
    public static LoadedKey? Load(Store store, int environment, byte[] digest)
        => store.ReadSnapshot(session =>
        {
            using var reader = session.Query(Select, environment, digest);
            if (!reader.Read())
                return null;
            var partial = Map(reader, environment);
            var (membership, capped) = MapMembership(reader);
            reader.Close();
            return partial with
            {
                Grant = new LoadedGrant(partial.Grant.Id, session.All(Granted, MapPermission, environment, partial.Grant.Id)),
                Membership = membership is { } loaded && capped
                    ? loaded with { Role = loaded.Role with { Permissions = RolePermissions(session, loaded.Role.Id) } }
                    : membership,
            };
        });

    private static LoadedKey Map(DbDataReader row, int environment)
    {
        var name = Encoding.UTF8.GetBytes(row.GetString(14));
        return new LoadedKey
        {
            AsOfSequence = row.GetInt64(0),
            Environment = environment,
            Id = Id.Parse(IdKind.ApiKey, row.GetString(1)),
            SecretNumber = row.GetInt32(2),
            OrganizationId = Id.Parse(IdKind.Organization, row.GetString(3)),
            OrganizationEnded = row.Flag(4),
            Membership = null,
            Grant = new LoadedGrant(row.GetInt64(5), []),
            State = (KeyState)row.GetInt32(6),
            Suspended = row.Flag(7),
            SecretEnded = row.Flag(8),
            ExpiresAtMilliseconds = row.NumberOrNull(9) ?? KeyEntry.Never,
            SecretEndsAtMilliseconds = row.NumberOrNull(10) ?? KeyEntry.Never,
            CreatedAtMilliseconds = row.GetInt64(11),
            UpdatedAtMilliseconds = row.GetInt64(12),
            LastUsedAtMilliseconds = row.NumberOrNull(13) ?? KeyEntry.Never,
            Text = [.. name, .. Encoding.UTF8.GetBytes(row.GetString(15))],
            NameLength = name.Length,
        };
    }

    // As the inside of a JSON string.
    private static (LoadedMembership? Membership, bool Capped) MapMembership(DbDataReader row)
    {
        if (row.IsDBNull(16))
            return (null, false);
        var status = row.Flag(18) ? MembershipStatus.Ended : (MembershipStatus)row.GetInt32(17);
        var role = new LoadedRole(Id.Parse(IdKind.Role, row.GetString(21)), null);
        var membership = new LoadedMembership(
            Id.Parse(IdKind.Membership, row.GetString(16)), status, Id.Parse(IdKind.User, row.GetString(19)), row.Flag(20), role);
        return (membership, row.Flag(22));
    }

    private static LoadedPermission MapPermission(DbDataReader row)
        => new(Id.Parse(IdKind.Permission, row.GetString(0)), Encoding.UTF8.GetBytes(row.GetString(1)), (OwnerTypes)row.GetInt32(2), row.Flag(3));

    private static HashSet<UInt128> RolePermissions(Session session, UInt128 roleId)
        => [.. session.All(
            "SELECT permission_id FROM role_permissions WHERE role_id = $1", static row => Id.Parse(IdKind.Permission, row.GetString(0)),
            Id.Format(IdKind.Role, roleId))];
}
