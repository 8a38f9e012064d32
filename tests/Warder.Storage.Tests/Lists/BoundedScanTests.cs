using Warder.Storage.Lists;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Lists;

/// <summary>No page examines more rows than its bound, for all filters, and a traversal shows the same as one without a bound.</summary>
public sealed class BoundedScanTests
{
    [Theory, EachDatabase]
    public void A_traversal_over_pages_that_end_early_shows_every_item_once_and_in_order(Database database)
    {
        using var scene = new ListScene(database);
        var random = new Random(3);
        foreach (var (name, read) in ListScene.Lists)
        {
            foreach (var upwards in (bool[])[false, true])
            {
                var all = Walk(scene, read, upwards, static () => int.MaxValue, static () => 100, out _);
                var some = Walk(scene, read, upwards, () => random.Next(50, 2_500), () => random.Next(1, 100), out var pages);
                Assert.True(
                    all.SequenceEqual(some), $"{name}, {(upwards ? "up" : "down")}: {all.Count} items, in short pages {some.Count}");
                Assert.InRange(pages, 1, 6_500);
            }
        }
    }

    [Theory, EachDatabase]
    public void The_filters_of_the_scene_find_some_and_not_all(Database database)
    {
        using var scene = new ListScene(database);
        foreach (var (name, read) in ListScene.Lists.Where(
            static list => list.Name.Contains(' ') && !list.Name.StartsWith("keys all", StringComparison.Ordinal)
            // These keys have no secrets here, and a list does not show them without.
            && list.Name != "management keys"))
        {
            var found = Walk(scene, read, false, static () => int.MaxValue, static () => 100, out _);
            Assert.True(found.Count is > 0 and < ListScene.Rows, $"{name}: {found.Count}");
        }
    }

    [Theory, EachDatabase]
    public void A_page_examines_no_more_rows_than_it_may(Database database)
    {
        using var scene = new ListScene(database);
        foreach (var (name, read) in ListScene.Lists)
        {
            var first = scene.Store.ReadSnapshot(session => read(session, new PageRequest(100, null, false, false) { Examined = 500 }));
            if (first.Next is null)
                continue;
            // Restricted to the range in between, a page without a bound finds the same.
            var again = scene.Store.ReadSnapshot(session => read(session, new PageRequest(100, null, false, false)));
            Assert.Equal(again.Ids.TakeWhile(id => string.CompareOrdinal(id, first.Next) >= 0), first.Ids);
            Assert.True(first.Ids.Count <= 100, name);
        }
    }

    [Theory, EachDatabase]
    public void An_index_has_the_rows_of_every_list_in_its_order(Database database)
    {
        using var scene = new ListScene(database);
        var problems = new List<string>();
        foreach (var (name, read) in ListScene.Lists)
        {
            var queries = scene.Store.ReadSnapshot(session =>
            {
                var recording = new RecordingSession(session);
                read(recording, new PageRequest(10, null, false, false) { Examined = 2_000 });
                return recording.Queries.Where(
                    static query
                        => query.Sql.Contains("ORDER BY", StringComparison.Ordinal)
                            && query.Sql.Contains("LIMIT", StringComparison.Ordinal)).ToList();
            });
            Assert.NotEmpty(queries);
            foreach (var (sql, arguments) in queries)
            {
                var plan = scene.Store.ReadSnapshot(session => Explained(session, database).AllOnce(
                    (database == Database.Sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + sql,
                    row => row.GetString(database == Database.Sqlite ? 3 : 0), arguments));
                problems.AddRange(
                    plan.Where(line => database == Database.Sqlite ? IsBadOnSqlite(line, name) : IsBadOnPostgres(line))
                        .Select(line => $"{name}: {line} in {sql}"));
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems.Distinct()));
    }

    // PostgreSQL reads a table this small as a whole when it may.
    private static Session Explained(Session session, Database database)
    {
        if (database == Database.Postgres)
            session.Execute("SET LOCAL enable_seqscan = off");
        return session;
    }

    private static readonly string[] Tables = [
        "organizations ", "users ", "memberships ", "api_keys ", "api_key_uses ", "management_keys ", "receipts ", "events "];

    // Every row of a table, or of an index; or a sort of the matching rows.
    private static bool IsBadOnSqlite(string line, string name)
        => (line.StartsWith("SCAN ", StringComparison.Ordinal) && !line.StartsWith("SCAN environments", StringComparison.Ordinal))
            // One user has an address, and an event few receipts.
            || (line.Contains("USE TEMP B-TREE", StringComparison.Ordinal) && !name.StartsWith("users email", StringComparison.Ordinal)
                && name != "receipts both")
            || line.Contains("api_keys_by_expiry", StringComparison.Ordinal) || line.Contains("AUTOMATIC", StringComparison.Ordinal);

    private static bool IsBadOnPostgres(string line)
        => Tables.Any(table => line.Contains("Seq Scan on " + table, StringComparison.Ordinal))
            || line.Contains("api_keys_by_expiry", StringComparison.Ordinal);

    private static List<string> Walk(
        ListScene scene, Func<Session, PageRequest, (IReadOnlyList<string> Ids, string? Next)> read, bool upwards, Func<int> examined,
        Func<int> limit, out int pages)
    {
        var ids = new List<string>();
        pages = 0;
        for (string? cursor = null; ; pages++)
        {
            var request = new PageRequest(limit(), cursor, false, upwards) { Examined = examined() };
            var page = scene.Store.ReadSnapshot(session => read(session, request));
            ids.AddRange(page.Ids);
            if (page.Next is null)
            {
                pages++;
                return ids;
            }

            Assert.NotEqual(cursor, page.Next);
            cursor = page.Next;
        }
    }
}
