using System.Diagnostics;
using Warder.Core.Time;
using Warder.Storage.Tests.Databases;
using Warder.Storage.Tests.Journal;

namespace Warder.Storage.Tests.Lists;

/// <summary>A read whose caller chooses its cost ends at its deadline, and holds nothing longer.</summary>
public sealed class DeadlineTests
{
    private const string Endless =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT COUNT(*) FROM n";

    [Theory, EachDatabase]
    public void A_read_is_ended_at_its_deadline_and_the_next_one_is_not(Database database)
    {
        using var own = new TestDatabase(database);
        var store = own.Open();
        for (var round = 0; round < 3; round++)
        {
            var watch = Stopwatch.StartNew();
            var late = Assert.Throws<StorageException>(
                () => store.ReadSnapshotWithin(TimeSpan.FromMilliseconds(200), static session => session.Number(Endless)));
            Assert.Equal(StorageFaultKind.TimedOut, late.Kind);
            Assert.InRange(watch.ElapsedMilliseconds, 150, 3_000);
            Assert.Equal(0, store.ReadSnapshotWithin(TimeSpan.FromSeconds(30), Log.Head).Sequence);
            Assert.Equal(0, store.Read(Log.Head).Sequence);
        }
    }

    [Theory, EachDatabase]
    public void Many_short_statements_are_ended_at_the_deadline_too(Database database)
    {
        using var own = new TestDatabase(database);
        var store = own.Open();
        var late = Assert.Throws<StorageException>(() => store.ReadSnapshotWithin<bool>(TimeSpan.FromMilliseconds(200), static session =>
        {
            while (true)
            {
                session.RequireTime();
                Log.Head(session);
            }
        }));
        Assert.Equal(StorageFaultKind.TimedOut, late.Kind);
    }

    [Fact]
    public async Task Under_reads_that_overlap_without_end_the_write_ahead_file_is_begun_anew()
    {
        using var own = new TestDatabase(Database.Sqlite);
        using var disk = new JournalOnDisk(own);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(reader => Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    // Each holds its snapshot for a while; at any time some of them do.
                    disk.Store.ReadSnapshotWithin(TimeSpan.FromSeconds(10), session =>
                    {
                        var end = Clock.MonotonicMicroseconds() + 50_000 + (reader * 7_000);
                        while (Clock.MonotonicMicroseconds() < end)
                        {
                            session.Number("SELECT COUNT(*) FROM notes");
                            Thread.Yield();
                        }

                        return true;
                    });
                }
            },
            TaskCreationOptions.LongRunning)).ToList();
        var filler = new string('x', 250_000);
        long most = 0;
        for (var i = 0; i < 1_600; i++)
        {
            await disk.Note($"n{i}", filler);
            most = Math.Max(most, new FileInfo(own.Connection + "-wal").Length);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        // The test wrote 400 MB.
        Assert.InRange(most, 0, 200_000_000);
    }
}
