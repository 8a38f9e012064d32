using Warder.Core.Time;
using Warder.Storage.Directory;
using Warder.Storage.Keys;
using Warder.Storage.Tests.Databases;
using Warder.Storage.Tests.Lists;

namespace Warder.Storage.Tests.Keys;

/// <summary>Counts of the keys that end with an owner: a count from before the change is used exactly while it still holds.</summary>
public sealed class KeyEndingsTests
{
    private const string Organization = "org_01000000000000000010000004";
    private const string Member = "om_01000000000000000010000043";
    private const string User = "user_01000000000000000010000043";
    private const int Wrong = -5;
    private static readonly Instant Now = new(5_000);

    [Theory, EachDatabase]
    public void A_count_is_of_the_live_keys_of_the_owner(Database database)
    {
        using var scene = new ListScene(database);
        foreach (var (endings, owner) in Owners(scene))
        {
            var (count, expected) = scene.Store.ReadSnapshot(session => (
                endings.Count(session, Now),
                session.Number(
                    $"SELECT COUNT(*) FROM api_keys WHERE {owner} AND state = 0 AND (expires_at IS NULL OR expires_at > 5000)")));
            Assert.Equal(expected, count);
            Assert.True(count > 10, owner);
        }
    }

    [Theory, EachDatabase]
    public void The_keys_of_an_ended_membership_are_not_counted_again(Database database)
    {
        using var scene = new ListScene(database);
        foreach (var (endings, _) in Owners(scene))
        {
            var before = scene.Store.ReadSnapshot(session => endings.Count(session, Now));
            Write(scene, $"UPDATE memberships SET deleted_at = 1 WHERE id = '{Member}'");
            Assert.True(scene.Store.ReadSnapshot(session => endings.Count(session, Now)) < before);
            Write(scene, $"UPDATE memberships SET deleted_at = NULL WHERE id = '{Member}'");
        }
    }

    [Theory, EachDatabase]
    public void An_earlier_count_holds_while_nothing_of_the_owner_changes(Database database)
    {
        using var scene = new ListScene(database);
        var tally = new KeyTally(Wrong, ListScene.Rows, Now);
        AppendEvent(scene, 1, "org_01000000000000000010000009");
        AppendEvent(scene, 2, Organization);
        AppendEvent(scene, 2, null);
        foreach (var (endings, owner) in Owners(scene))
            Assert.True(scene.Store.ReadSnapshot(session => endings.Count(session, Now, tally)) == Wrong, owner);
    }

    [Theory, EachDatabase]
    public void Keys_are_counted_again_after_an_event_of_the_owner_or_of_no_organization(Database database)
    {
        foreach (var organization in (string?[])[Organization, null])
        {
            using var scene = new ListScene(database);
            AppendEvent(scene, 1, organization);
            foreach (var (endings, owner) in Owners(scene))
            {
                var count = scene.Store.ReadSnapshot(session => endings.Count(session, Now, new KeyTally(Wrong, ListScene.Rows, Now)));
                Assert.True(count > 0, owner);
            }
        }
    }

    [Theory, EachDatabase]
    public void Keys_are_counted_again_after_one_expired_and_after_the_clock_was_set_back(Database database)
    {
        using var scene = new ListScene(database);
        foreach (var (endings, owner) in Owners(scene))
        {
            const long expiry = 3_000;
            Write(
                scene, $"UPDATE api_keys SET expires_at = {expiry} WHERE id = (SELECT MAX(id) FROM api_keys WHERE {owner} AND state = 0)");
            long After(long at, long now) => scene.Store.ReadSnapshot(
                session => endings.Count(session, new Instant(now), new KeyTally(Wrong, ListScene.Rows, new Instant(at))));

            Assert.True(After(expiry - 1, expiry) > 0, owner);
            Assert.Equal(Wrong, After(expiry, expiry));
            Assert.True(After(expiry, expiry - 1) > 0, owner);
        }
    }

    [Theory, EachDatabase]
    public void A_tally_names_the_head_of_the_log_and_the_time(Database database)
    {
        using var scene = new ListScene(database);
        var endings = KeyEndings.OfOrganization(1, Organization);
        var tally = scene.Store.ReadSnapshot(session => endings.TallyKeys(session, Now));
        Assert.Equal(
            scene.Store.ReadSnapshot(session => new KeyTally(endings.Count(session, Now), Log.Head(session).Sequence, Now)), tally);
    }

    [Theory, EachDatabase]
    public void Only_an_owner_in_the_environment_with_many_keys_has_many(Database database)
    {
        using var scene = new ListScene(database);
        var owners = Owners(scene);
        foreach (var (endings, owner) in owners)
            Assert.False(scene.Store.ReadSnapshot(endings.AreMany), owner);
        Write(scene, $"UPDATE api_keys SET {string.Join(", ", owners.Select(static each => each.Owner))}");
        foreach (var (endings, owner) in owners)
            Assert.True(scene.Store.ReadSnapshot(endings.AreMany), owner);

        // A caller of another environment may know the owner's id: it must not cause a count.
        foreach (var endings in Endings(2))
            Assert.False(scene.Store.ReadSnapshot(endings.AreMany));
        foreach (var table in (string[])["memberships", "users", "organizations"])
            Write(scene, $"UPDATE {table} SET deleted_at = 1");
        foreach (var (endings, owner) in owners)
            Assert.False(scene.Store.ReadSnapshot(endings.AreMany), owner);
    }

    // A membership can be created and deleted again and again: its deletion must not examine the keys of its user.
    [Theory, EachDatabase]
    public void A_count_examines_the_keys_of_its_owner_only(Database database)
    {
        using var scene = new ListScene(database);
        string[] indexes = ["api_keys_by_membership", "api_keys_by_user", "api_keys_by_organization"];
        foreach (var ((endings, owner), index) in Owners(scene).Zip(indexes))
        {
            var plans = scene.Store.ReadSnapshot(session =>
            {
                var recording = new RecordingSession(session);
                endings.AreMany(recording);
                endings.Count(recording, Now);
                endings.Count(recording, Now, new KeyTally(Wrong, ListScene.Rows, Now));
                if (database == Database.Postgres)
                    session.Execute("SET LOCAL enable_seqscan = off");
                return recording.Queries.Where(static query => query.Sql.Contains("api_keys", StringComparison.Ordinal)).Select(
                    query => string.Join('\n', session.AllOnce(
                        (database == Database.Sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + query.Sql,
                        row => row.GetString(database == Database.Sqlite ? 3 : 0), query.Arguments))).ToList();
            });

            Assert.Equal(3, plans.Count);
            Assert.All(plans[..2], plan => Assert.True(plan.Contains(index, StringComparison.Ordinal), $"{owner}: {plan}"));
            Assert.Contains("api_keys_by_expiry", plans[2], StringComparison.Ordinal);
        }
    }

    private static List<(KeyEndings Endings, string Owner)> Owners(ListScene scene)
    {
        Write(scene, $"UPDATE memberships SET organization_id = '{Organization}' WHERE id = '{Member}'");
        return [.. Endings(1).Zip([$"membership_id='{Member}'", $"user_id='{User}'", $"organization_id='{Organization}'"])];
    }

    private static KeyEndings[] Endings(int environment) =>
    [
        KeyEndings.OfMembership(environment, Member), KeyEndings.OfUser(environment, User),
        KeyEndings.OfOrganization(environment, Organization),
    ];

    private static void AppendEvent(ListScene scene, int environment, string? organization)
    {
        using var session = scene.Store.OpenWriter();
        session.Execute(
            "INSERT INTO events (seq, environment, id, type, organization_id, created_at, effects, bytes)"
            + " SELECT MAX(seq) + 1, $1, 'event_' || (MAX(seq) + 1), 'api_key.revoked', $2, 1, '', $3 FROM events",
            environment, organization, new byte[1]);
    }

    private static void Write(ListScene scene, string sql)
    {
        using var session = scene.Store.OpenWriter();
        session.Execute(sql);
    }
}
