using System.Data.Common;
using System.Text;
using Warder.Core.Directory;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Verification;

namespace Warder.Storage.Verification;

/// <summary>
/// Reads the inputs of a validation for one secret after a miss of the cache. All of them come from one snapshot, with the log's head.
/// </summary>
public static class KeyLoader
{
    // One statement, so that all rows are of one snapshot in either database. It gives one row for each granted permission, or one row
    // without a permission.
    internal const string Columns =
        "SELECT h.seq, k.id, s.number, k.organization_id, o.deleted_at, k.permission_set_id, k.state, k.suspended_at, s.ended,"
        + " k.expires_at, s.ends_at, k.created_at, k.updated_at, x.last_used_at, k.name, s.obfuscated_value,"
        + " m.id, m.status, m.deleted_at, m.user_id, u.deleted_at, m.role_id, r.capped,"
        + " CASE WHEN r.capped = 1 THEN (SELECT {join}(rp.permission_id, ',') FROM role_permissions rp WHERE rp.role_id = m.role_id) END,"
        + " p.id, p.slug, p.allowed_owner_types, p.deleted_at, e.required_level";

    // Of secrets that are called s.
    internal const string Joins =
        " JOIN log_head h ON h.id = 1"
        + " JOIN api_keys k ON k.environment = s.environment AND k.id = s.key_id"
        + " JOIN environments e ON e.number = k.environment"
        + " JOIN organizations o ON o.environment = k.environment AND o.id = k.organization_id"
        + " LEFT JOIN api_key_uses x ON x.key_id = s.key_id AND x.secret_number = s.number"
        + " LEFT JOIN memberships m ON m.environment = k.environment AND m.id = k.membership_id"
        + " LEFT JOIN users u ON u.environment = k.environment AND u.id = m.user_id"
        + " LEFT JOIN roles r ON r.environment = k.environment AND r.id = m.role_id"
        + " LEFT JOIN permission_set_members g ON g.set_id = k.permission_set_id"
        + " LEFT JOIN permissions p ON p.environment = k.environment AND p.id = g.permission_id"
        + " WHERE (k.membership_id = '' OR m.id IS NOT NULL)";

    private const string Select =
        Columns + " FROM api_key_secrets s" + Joins + " AND s.environment = $1 AND s.digest = $2 ORDER BY g.position";

    // In the order of the index by digest: by another order SQLite reads every secret of the environment, to spare itself the sorting.
    private static readonly string SelectMany =
        Columns + ", s.digest FROM api_key_secrets s" + Joins + " AND s.environment = $1 AND s.digest IN ("
        + string.Join(", ", Enumerable.Range(2, MostTogether).Select(static number => $"${number}")) + ") ORDER BY s.digest, g.position";

    /// <summary>The greatest number of secrets that one statement reads.</summary>
    public const int MostTogether = 16;

    private const int Number = 2;
    private const int Digest = 29;
    private const int Membership = 16;
    private const int Permission = 24;
    private const int RequiredLevel = 28;

    private static readonly string OnSqlite = Dialect.Sqlite.Expand(Select);
    private static readonly string OnPostgres = Dialect.Postgres.Expand(Select);
    private static readonly string ManyOnSqlite = Dialect.Sqlite.Expand(SelectMany);
    private static readonly string ManyOnPostgres = Dialect.Postgres.Expand(SelectMany);

    /// <summary>The secret of that digest in that environment; null when there is none.</summary>
    public static LoadedKey? Load(Store store, int environment, byte[] digest) => store.Read(session => Load(session, environment, digest));

    /// <summary>Reads a key inside a snapshot of the caller.</summary>
    public static LoadedKey? Load(Session session, int environment, byte[] digest)
    {
        using var row = session.Query(session.Dialect == Dialect.Sqlite ? OnSqlite : OnPostgres, environment, digest);
        return row.Read() ? Next(row, environment, static (_, _) => true).Key : null;
    }

    /// <summary>The secrets of several digests, from one snapshot: each in the place of its digest, and null where there is none.</summary>
    /// <param name="session">Any.</param>
    /// <param name="environment">The environment's number.</param>
    /// <param name="digests">At most <see cref="MostTogether"/>, each another one.</param>
    public static LoadedKey?[] Load(Session session, int environment, IReadOnlyList<byte[]> digests)
    {
        if (digests.Count == 1)
            return [Load(session, environment, digests[0])];
        // One text for any number of digests: unused places repeat the last digest.
        var arguments = new object?[1 + MostTogether];
        arguments[0] = environment;
        for (var i = 0; i < MostTogether; i++)
            arguments[1 + i] = digests[Math.Min(i, digests.Count - 1)];
        var found = new LoadedKey?[digests.Count];
        using var row = session.Query(session.Dialect == Dialect.Sqlite ? ManyOnSqlite : ManyOnPostgres, arguments);
        for (var more = row.Read(); more;)
        {
            var digest = row.Bytes(Digest);
            (var key, more) = Next(row, environment, IsSameSecret);
            for (var i = 0; i < digests.Count; i++)
            {
                if (digests[i].AsSpan().SequenceEqual(digest))
                    found[i] = key;
            }
        }

        return found;
    }

    // In rows of which those of one secret follow each other.
    internal static bool IsSameSecret(DbDataReader next, LoadedKey key)
        => next.GetInt32(Number) == key.SecretNumber && Id.Parse(IdKind.ApiKey, next.GetString(1)) == key.Id;

    // Reads the secret at the current row. Returns whether the rows of another secret follow.
    internal static (LoadedKey Key, bool More) Next(DbDataReader row, int environment, Func<DbDataReader, LoadedKey, bool> isSame)
    {
        var partial = Map(row, environment);
        var granted = new List<LoadedPermission>();
        bool more;
        do
        {
            if (!row.IsDBNull(Permission))
                granted.Add(MapPermission(row));
        }
        while ((more = row.Read()) && isSame(row, partial));
        return (partial with { Grant = new LoadedGrant(partial.Grant.Id, granted) }, more);
    }

    private static LoadedKey Map(DbDataReader row, int environment)
    {
        var name = Encoding.UTF8.GetBytes(row.GetString(14));
        return new LoadedKey
        {
            AsOfSequence = row.GetInt64(0),
            Environment = environment,
            RequiredLevel = row.GetInt32(RequiredLevel),
            Id = Id.Parse(IdKind.ApiKey, row.GetString(1)),
            SecretNumber = row.GetInt32(2),
            Owner = MapOwner(row),
            Grant = new LoadedGrant(row.GetInt64(5), []),
            State = (KeyState)row.GetInt32(6),
            Suspended = !row.IsDBNull(7),
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

    // The statement leaves out a member's key without its membership: a key without a membership belongs to an organization.
    private static Owner<LoadedOrganization, LoadedMembership> MapOwner(DbDataReader row)
    {
        var organization = new LoadedOrganization(Id.Parse(IdKind.Organization, row.GetString(3)), !row.IsDBNull(4));
        return row.IsDBNull(Membership)
            ? Owner<LoadedOrganization, LoadedMembership>.OfOrganization(organization)
            : Owner<LoadedOrganization, LoadedMembership>.OfMember(organization, MapMembership(row));
    }

    private static LoadedMembership MapMembership(DbDataReader row)
    {
        var status = row.IsDBNull(18) ? (MembershipStatus)row.GetInt32(17) : MembershipStatus.Ended;
        var role = new LoadedRole(Id.Parse(IdKind.Role, row.GetString(21)), row.Flag(22) ? RolePermissions(row.TextOrNull(23)) : null);
        return new LoadedMembership(
            Id.Parse(IdKind.Membership, row.GetString(Membership)), status, Id.Parse(IdKind.User, row.GetString(19)),
            !row.IsDBNull(20), role);
    }

    private static LoadedPermission MapPermission(DbDataReader row)
        => new(
            Id.Parse(IdKind.Permission, row.GetString(Permission)), Encoding.UTF8.GetBytes(row.GetString(25)),
            (OwnerTypes)row.GetInt32(26), !row.IsDBNull(27));

    private static HashSet<UInt128> RolePermissions(string? ids)
        => ids is null ? [] : [.. ids.Split(',').Select(static id => Id.Parse(IdKind.Permission, id))];
}
