using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Storage.Access;
using Warder.Storage.Directory;
using Warder.Storage.Events;
using Warder.Storage.Keys;
using Warder.Storage.Lists;
using Warder.Storage.Management;
using Warder.Storage.Receipts;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Lists;

/// <summary>Creates some thousand rows of every listed resource, and defines every list of them with every filter.</summary>
internal sealed class ListScene : IDisposable
{
    public const int Rows = 6_000;
    private static readonly Instant Now = new(5_000);
    private readonly TestDatabase database;

    public ListScene(Database kind)
    {
        database = new TestDatabase(kind);
        Store = database.Open();
        using var session = Store.OpenWriter();
        session.Execute("INSERT INTO permission_sets (id, environment, digest) VALUES (1, 1, $1)", new byte[32]);
        foreach (var statement in Fill)
            session.Execute(
                $"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows}) "
                    + statement.Replace("ID", "'010000000000000000' || (10000000 + i)"));
        session.Execute(
            "INSERT INTO permission_set_members (set_id, position, permission_id) VALUES (1, 0, 'perm_01000000000000000010000007')");
        session.Execute("ANALYZE");
    }

    public Store Store { get; }

    /// <summary>
    /// Defines every list with every filter and some combinations: each reads a page, and returns its ids and the cursor to continue with.
    /// </summary>
    public static IReadOnlyList<(string Name, Func<Session, PageRequest, (IReadOnlyList<string> Ids, string? Next)> Read)> Lists { get; } =
    [
        .. Filters.Select(
            static pair
                => Of("keys " + pair.Name, (session, page) => KeyTable.List(session, 1, pair.Filter, page, Now), static key => key.Id)),
        Of("organizations", static (session, page) => OrganizationTable.List(session, 1, null, null, page), static each => each.Id),
        Of(
            "organizations search", static (session, page) => OrganizationTable.List(session, 1, "AME77", null, page),
            static each => each.Id),
        Of("users", static (session, page) => UserTable.List(session, 1, null, null, page), static each => each.Id),
        Of("users email", static (session, page) => UserTable.List(session, 1, "MAIL5500@example.com", null, page), static each => each.Id),
        Of("users organization", static (session, page) => UserTable.List(session, 1, null, Id("org", 3), page), static each => each.Id),
        Of(
            "users email organization", static (session, page) => UserTable.List(session, 1, "mail43@example.com", Id("org", 3), page),
            static each => each.Id),
        Of("memberships", static (session, page) => MembershipTable.List(session, 1, null, null, null, page), static each => each.Id),
        Of(
            "memberships status", static (session, page)
                => MembershipTable.List(session, 1, null, null, [Core.Directory.MembershipStatus.Inactive], page), static each => each.Id),
        Of(
            "memberships user", static (session, page) => MembershipTable.List(session, 1, Id("user", 77), null, null, page),
            static each => each.Id),
        Of(
            "memberships organization", static (session, page) => MembershipTable.List(session, 1, null, Id("org", 3), null, page),
            static each => each.Id),
        Of(
            "memberships both", static (session, page) => MembershipTable.List(session, 1, Id("user", 43), Id("org", 3), null, page),
            static each => each.Id),
        Of("permissions", static (session, page) => PermissionTable.List(session, 1, page), static each => each.Id),
        Of("roles", static (session, page) => RoleTable.List(session, 1, page), static each => each.Id),
        Of("management keys", static (session, page) => ManagementKeyTable.List(session, 1, page), static each => each.Id),
        Of("environments", EnvironmentTable.List, static each => each.Id),
        Of("receipts", static (session, page) => ReceiptTable.List(session, 1, null, null, page), static each => each.Id),
        Of(
            "receipts event", static (session, page) => ReceiptTable.List(session, 1, Id("event", 4000), null, page),
            static each => each.Id),
        Of(
            "receipts subject", static (session, page) => ReceiptTable.List(session, 1, null, Id("api_key", 5), page),
            static each => each.Id),
        Of(
            "receipts both", static (session, page) => ReceiptTable.List(session, 1, Id("event", 5), Id("api_key", 5), page),
            static each => each.Id),
        OfEvents("events", new EventFilter()),
        OfEvents("events type", new EventFilter { Types = ["user.erased", "none"] }),
        OfEvents("events organization", new EventFilter { OrganizationId = Id("org", 3) }),
        OfEvents("events range", new EventFilter { From = new Instant(3_000), Until = new Instant(3_100) }),
        OfEvents(
            "events all",
            new EventFilter { Types = ["api_key.created"], OrganizationId = Id("org", 3), From = new Instant(10),
                Until = new Instant(5_900) }),
    ];

    private static IEnumerable<(string Name, KeyFilter Filter)> Filters =>
    [
        ("all", new KeyFilter { Deleted = true }),
        ("not deleted", new KeyFilter()),
        ("organization's own", new KeyFilter { OrganizationId = Id("org", 3), OrganizationOwnedOnly = true }),
        ("organization", new KeyFilter { OrganizationId = Id("org", 3), Deleted = true }),
        ("user", new KeyFilter { UserId = Id("user", 43) }),
        ("user organization", new KeyFilter { UserId = Id("user", 43), OrganizationId = Id("org", 4) }),
        ("membership", new KeyFilter { MembershipId = Id("om", 43), OrganizationId = Id("org", 4) }),
        ("membership user", new KeyFilter { MembershipId = Id("om", 43), UserId = Id("user", 43) }),
        ("permission", new KeyFilter { PermissionId = Id("perm", 7) }),
        ("created by", new KeyFilter { CreatedBy = "nobody" }),
        ("responsible", new KeyFilter { ResponsibleUserId = Id("user", 9) }),
        ("responsible organization", new KeyFilter { ResponsibleUserId = Id("user", 9), OrganizationId = Id("org", 9) }),
        ("expires before", new KeyFilter { ExpiresBefore = new Instant(5_100), Status = KeyStatus.Active }),
        ("unused since", new KeyFilter { UnusedSince = new Instant(5_990) }),
        .. Enum.GetValues<KeyStatus>().Select(static status => ("status " + status, new KeyFilter { Status = status, Deleted = true })),
        ("organization not ended", new KeyFilter { OrganizationId = Id("org", 3), NotEndedAt = Now }),
        ("several",
        new KeyFilter { OrganizationId = Id("org", 2), Status = KeyStatus.Active, UnusedSince = new Instant(5_990), CreatedBy = "somebody",
            PermissionId = Id("perm", 7) }),
    ];

    // Forty organizations have most rows; one of each hundred keys is of a rare kind.
    private static IReadOnlyList<string> Fill { get; } =
    [
        "INSERT INTO organizations (environment, id, name, metadata, deleted_at, created_at, updated_at)"
            + " SELECT 1, 'org_' || ID, 'name' || i, '{}', CASE WHEN i % 50 = 49 THEN 1 END, i, i FROM n",
        "INSERT INTO users (environment, id, email, email_folded, email_verified, metadata, created_at, updated_at)"
            + " SELECT 1, 'user_' || ID, 'mail' || i || '@example.com', 'mail' || i || '@example.com', 0, '{}', i, i FROM n",
        "INSERT INTO roles (environment, id, slug, name, resource_type_slug, capped, built_in, created_at, updated_at)"
            + " SELECT 1, 'role_' || ID, 'role' || i, 'r', 'organization', 0, 0, i, i FROM n",
        "INSERT INTO permissions (environment, id, slug, name, resource_type_slug, allowed_owner_types, created_at, updated_at)"
            + " SELECT 1, 'perm_' || ID, 'p' || i, 'p', 'organization', 3, i, i FROM n",
        "INSERT INTO memberships (environment, id, user_id, organization_id, role_id, status, created_at, updated_at)"
            + " SELECT 1, 'om_' || ID, 'user_' || ID, 'org_' || '010000000000000000' || (10000000 + i % 40),"
            + " 'role_01000000000000000010000001', CASE WHEN i % 100 = 3 THEN 1 ELSE 0 END, i, i FROM n",
        "INSERT INTO api_keys (environment, id, organization_id, membership_id, user_id, name, responsible_user_id, created_by,"
            + " permission_set_id, state, expires_at, suspended_at,"
            + " deleted, created_at, updated_at) SELECT 1, 'api_key_' || ID, 'org_' || '010000000000000000' || (10000000 + 1 + i % 40),"
            + " CASE WHEN i % 2 = 0 THEN '' ELSE 'om_' || '010000000000000000' || (10000000 + 3 + 40 * (i % 3)) END,"
            + " CASE WHEN i % 2 = 0 THEN '' ELSE 'user_' || '010000000000000000' || (10000000 + 3 + 40 * (i % 3)) END,"
            + " 'k', CASE WHEN i % 90 = 8 THEN 'user_01000000000000000010000009' END, CASE WHEN i % 3 = 0 THEN 'nobody' ELSE 'somebody'"
            + " END, i % 80, CASE WHEN i % 100 = 1 THEN 2 ELSE 0 END,"
            + " CASE WHEN i % 70 = 2 THEN i ELSE NULL END, CASE WHEN i % 60 = 5 THEN 1 ELSE NULL END, CASE WHEN i % 9 = 0 THEN 1 ELSE 0"
            + " END, i, i FROM n",
        "INSERT INTO api_key_uses (key_id, secret_number, last_used_at) SELECT 'api_key_' || ID, 1, i FROM n WHERE i % 2 = 0",
        "INSERT INTO management_keys (environment, id, name, rights, revoked, deleted, created_at, updated_at) SELECT 1, 'management_key_'"
            + " || ID, 'm', 1, 0, i % 2, i, i FROM n",
        "INSERT INTO environments (number, id, name, key_prefix, created_at, updated_at) SELECT i, 'environment_' || ID, 'e', 'p' || i, i,"
            + " i FROM n",
        "INSERT INTO receipts (environment, id, event_id, subject_id, jws) SELECT 1, 'rcpt_' || ID, 'event_' || ID, 'api_key_' ||"
            + " '010000000000000000' || (10000000 + i % 10), '' FROM n",
        "INSERT INTO events (seq, environment, id, type, organization_id, created_at, effects, bytes)"
            + " SELECT i, 1, 'event_' || ID, CASE WHEN i % 300 = 0 THEN 'user.erased' ELSE 'api_key.created' END, 'org_' ||"
            + " '010000000000000000' || (10000000 + i % 40), i, '', id_bytes FROM n,"
            + " (SELECT digest AS id_bytes FROM permission_sets LIMIT 1) b",
    ];

    public void Dispose() => database.Dispose();

    private static string Id(string prefix, int number) => $"{prefix}_010000000000000000{10_000_000 + number}";

    private static (string, Func<Session, PageRequest, (IReadOnlyList<string>, string?)>) Of<T>(
        string name, Func<Session, PageRequest, Page<T>> read, Func<T, string> idOf)
        => (name, (session, page) =>
        {
            var found = read(session, page);
            var ids = found.Items.Select(idOf).ToList();
            if (page.Backwards)
                ids.Reverse();
            var more = page.Backwards ? found.HasBefore : found.HasAfter;
            return (ids, more ? found.StoppedAt ?? ids[^1] : null);
        });

    private static (string, Func<Session, PageRequest, (IReadOnlyList<string>, string?)>) OfEvents(string name, EventFilter filter)
        => (name, (session, page) =>
        {
            long? after = page.Cursor is null ? null : EventTable.SequenceOf(session, 1, page.Cursor);
            var (events, next) = EventTable.List(session, 1, filter, after, page.ReadsUpwards, page.Limit, page.Examined);
            return ([.. events.Select(static each => each.Id)], next);
        });
}
