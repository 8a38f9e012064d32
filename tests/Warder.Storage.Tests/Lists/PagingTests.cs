using System.Collections.Concurrent;
using Warder.Core.Directory;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Storage.Directory;
using Warder.Storage.Lists;
using Warder.Storage.Tests.Databases;
using Warder.Storage.Tests.Journal;

namespace Warder.Storage.Tests.Lists;

/// <summary>A traversal shows every item that existed throughout exactly once, while other items come and go.</summary>
public sealed class PagingTests
{
    [Theory]
    [InlineData(Database.Sqlite, false, false)]
    [InlineData(Database.Postgres, false, false)]
    [InlineData(Database.Sqlite, false, true)]
    [InlineData(Database.Postgres, false, true)]
    [InlineData(Database.Sqlite, true, false)]
    [InlineData(Database.Postgres, true, false)]
    [InlineData(Database.Sqlite, true, true)]
    [InlineData(Database.Postgres, true, true)]
    public async Task Under_concurrent_insertions_and_deletions_every_item_that_stays_is_shown_once_and_in_order(
        Database database, bool ascending, bool backwards)
    {
        using var disk = new JournalOnDisk(database);
        var stays = new List<string>();
        for (var i = 0; i < 300; i++)
            stays.Add((await Insert(disk)).Id);
        using var stop = new CancellationTokenSource();
        var churning = Enumerable.Range(0, 3).Select(worker => Task.Run(async () =>
        {
            var mine = new ConcurrentQueue<Organization>();
            while (!stop.IsCancellationRequested)
            {
                // Before, among and after the lasting ones.
                mine.Enqueue(await Insert(
                    disk,
                    Random.Shared.Next(2) == 0 ? new Instant(Random.Shared.NextInt64(0, Clock.System.Now().UnixMilliseconds)) : null));
                if (mine.Count > 20 && mine.TryDequeue(out var old))
                    await disk.Journal.Submit<bool>(context =>
                    {
                        OrganizationTable.Delete(context.Session, old, context.Now);
                        return true;
                    });
            }
        })).ToList();

        var random = new Random(7);
        for (var round = 0; round < 40; round++)
        {
            var seen = Traverse(disk, random, ascending, backwards);
            Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
            var ordered = seen.Order(StringComparer.Ordinal).ToList();
            if (ascending == backwards)
                ordered.Reverse();
            Assert.Equal(ordered, seen);
            Assert.Empty(stays.Except(seen));
        }

        await stop.CancelAsync();
        await Task.WhenAll(churning);
    }

    [Theory, EachDatabase]
    public async Task A_page_says_exactly_whether_there_is_more_on_either_side(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var ids = new List<string>();
        for (var i = 0; i < 7; i++)
            ids.Add((await Insert(disk)).Id);
        ids.Sort(StringComparer.Ordinal);
        foreach (var ascending in (bool[])[false, true])
        {
            var order = ascending ? ids : [.. ids.AsEnumerable().Reverse()];
            for (var limit = 1; limit <= 8; limit++)
            {
                for (var at = -1; at <= order.Count; at++)
                {
                    var forwards = List(
                        disk, new PageRequest(limit, at < 0 ? null : at == order.Count ? Beyond(ascending) : order[at], false, ascending));
                    var expected = order.Skip(at + 1).Take(limit).ToList();
                    Assert.Equal(expected, forwards.Items);
                    Assert.Equal(at + 1 + limit < order.Count, forwards.HasAfter);
                    if (expected.Count > 0)
                        Assert.Equal(at >= 0, forwards.HasBefore);
                    if (at is < 0 || at == order.Count)
                        continue;
                    var backwards = List(disk, new PageRequest(limit, order[at], true, ascending));
                    Assert.Equal(order.Take(at).TakeLast(limit), backwards.Items);
                    Assert.Equal(at > limit, backwards.HasBefore);
                    if (backwards.Items.Count > 0)
                        Assert.True(backwards.HasAfter);
                }
            }
        }
    }

    [Theory, EachDatabase]
    public async Task The_cursor_of_a_deleted_item_goes_on_where_it_was(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var made = new List<Organization>();
        for (var i = 0; i < 5; i++)
            made.Add(await Insert(disk));
        made.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        await disk.Journal.Submit<bool>(context =>
        {
            OrganizationTable.Delete(context.Session, made[2], context.Now);
            return true;
        });

        Assert.Equal([made[3].Id, made[4].Id], List(disk, new PageRequest(10, made[2].Id, false, true)).Items);
        Assert.Equal([made[1].Id, made[0].Id], List(disk, new PageRequest(10, made[2].Id, false, false)).Items);
        Assert.Equal([made[0].Id, made[1].Id], List(disk, new PageRequest(10, made[2].Id, true, true)).Items);
    }

    private static List<string> Traverse(JournalOnDisk disk, Random random, bool ascending, bool backwards)
    {
        var seen = new List<string>();
        // Backwards from beyond the end.
        var cursor = backwards ? Beyond(ascending) : null;
        while (true)
        {
            var page = List(disk, new PageRequest(random.Next(1, 60), cursor, backwards, ascending));
            seen.AddRange(backwards ? page.Items.Reverse() : page.Items);
            if (page.Items.Count == 0 || !(backwards ? page.HasBefore : page.HasAfter))
                return seen;
            cursor = backwards ? page.Items[0] : page.Items[^1];
        }
    }

    private static string Beyond(bool ascending) => ascending ? "org_7ZZZZZZZZZZZZZZZZZZZZZZZZZ" : "org_00000000000000000000000000";

    private static Page<string> List(JournalOnDisk disk, PageRequest page)
        => disk.Store.Read(session => OrganizationTable.List(session, 1, null, null, page)).Select(organization => organization.Id);

    private static async Task<Organization> Insert(JournalOnDisk disk, Instant? at = null)
        => (await disk.Journal.Submit<Organization>(context =>
        {
            var organization = new Organization
            {
                Id = Id.New(IdKind.Organization, at ?? context.Now, Entropy.System), Environment = 1, Name = "o",
                Metadata = new Dictionary<string, string>(),
                CreatedAt = context.Now, UpdatedAt = context.Now,
            };
            OrganizationTable.Insert(context.Session, organization);
            return organization;
        })).Value;
}
