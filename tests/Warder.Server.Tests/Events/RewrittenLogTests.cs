using Warder.Core.Events;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Server.Tests.Hosting;
using Warder.Storage;
using Warder.Storage.Events;
using Warder.Storage.Journal;

namespace Warder.Server.Tests.Events;

/// <summary>A history that a writer of the database computes anew, chain and all, is found by whoever has the root key.</summary>
public sealed class RewrittenLogTests
{
    [Fact]
    public async Task A_log_that_was_written_anew_or_cut_off_with_its_chain_is_found_and_logged()
    {
        using var console = new Secrets.SaidOnTheConsole();
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        (await warder.Post($"/api_keys/{own.Key}/revoke")).Is(200);
        await warder.Node.ReceiptWriter.WriteAsync();
        Assert.True(await Keep(warder));
        Assert.Equal((null, warder.Head), (warder.VerifyLog().Problem, warder.VerifyLog().Authenticated));

        Found(warder, "written anew", session =>
        {
            session.Execute("UPDATE events SET bytes = $1 WHERE seq = 3", session.First("SELECT bytes FROM events WHERE seq = 4", static row => (byte[])row.GetValue(0)));
            Chain(session);
        });
        Found(warder, "cut off", session =>
        {
            session.Execute("DELETE FROM events WHERE seq >= (SELECT MAX(first_seq) FROM event_batches)");
            session.Execute("DELETE FROM event_batches WHERE first_seq = (SELECT MAX(first_seq) FROM event_batches)");
            Chain(session);
        });
        Found(warder, "without MACs", static session => session.Execute("DELETE FROM log_head_macs"));
        Found(warder, "with a MAC of another head", static session => session.Execute("UPDATE log_head_macs SET seq = seq + 1 WHERE seq = (SELECT MAX(seq) FROM log_head_macs)"));

        // The server itself finds it, and puts no MAC over it.
        using (var session = warder.Node.Store.OpenWriter())
        {
            session.Execute(warder.Node.Store.Dialect.Begin);
            session.Execute("DELETE FROM events WHERE seq >= (SELECT MAX(first_seq) FROM event_batches)");
            session.Execute("DELETE FROM event_batches WHERE first_seq = (SELECT MAX(first_seq) FROM event_batches)");
            Chain(session);
            session.Execute("COMMIT");
        }

        Assert.False(await Keep(warder));
        await Eventually.Holds(
            () => Task.FromResult(console.Text.Contains("log_head ", StringComparison.Ordinal)), TimeSpan.FromSeconds(10), "The rewritten log was not reported.");
    }

    [Fact]
    public async Task Each_ending_is_under_a_MAC_and_so_is_the_log_that_is_verified_offline()
    {
        using var folder = new DataFolder();
        await using (var warder = await RunningWarder.StartAsync(folder))
        {
            var own = await Fixture.MakeAsync(warder, warder.Key, "a");
            (await warder.Post($"/api_keys/{own.Key}/revoke")).Is(200);
            // On PostgreSQL the head is known with the commit, and its MAC goes with the next: that of the receipt.
            await warder.Node.ReceiptWriter.WriteAsync();
            var ending = (await warder.Events()).FindIndex(static e => e.GetProperty("event").GetString() == "api_key.revoked") + 1;
            Assert.InRange(warder.VerifyLog().Authenticated!.Value, ending, warder.Head);
        }

        var report = OfflineData.VerifyLog(folder.Path, folder.Shared);
        Assert.Null(report.Problem);
        Assert.NotNull(report.Authenticated);
        File.Move(folder.RootKey, folder.RootKey + ".away");
        Assert.Equal((null, null), (OfflineData.VerifyLog(folder.Path, folder.Shared).Problem, OfflineData.VerifyLog(folder.Path, folder.Shared).Authenticated));
        Assert.NotNull(OfflineData.VerifyLog(folder.Path, folder.Shared, folder.RootKey + ".away").Authenticated);
    }

    [Fact]
    public async Task The_table_of_heads_is_bounded()
    {
        await using var warder = await RunningWarder.StartAsync();
        using var session = warder.Node.Store.OpenWriter();
        session.Execute(warder.Node.Store.Dialect.Begin);
        var hash = new byte[LogChain.HashBytes];
        for (var i = 1; i <= 3_000; i++)
        {
            session.Execute("UPDATE log_head SET seq = $1, hash = $2", 10_000 + i, hash);
            session.Execute("DELETE FROM event_batches WHERE first_seq >= 10000");
            session.Execute("INSERT INTO event_batches (first_seq, count, hash) VALUES ($1, 1, $2)", 10_000 + i - 1, hash);
            HeadMacs.Keep(session, new Core.Time.Instant(1_800_000_000_000 + (i * 1_800_000L)));
        }

        var rows = session.Number("SELECT COUNT(*) FROM log_head_macs");
        session.Execute("ROLLBACK");
        Assert.InRange(rows, 1_000, 1_024 + (365 * 24));
    }

    private static async Task<bool> Keep(RunningWarder warder) => (await warder.Node.Journal.Submit<bool>(context => HeadMacs.Keep(context.Session, context.Now))).Value;

    // The attacker has no key, and needs none for this.
    private static void Chain(Session session)
    {
        var hash = LogChain.Genesis();
        var last = 0L;
        foreach (var (first, count) in session.All("SELECT first_seq, count FROM event_batches ORDER BY first_seq", static row => (row.GetInt64(0), row.GetInt64(1))))
        {
            var bytes = session.All("SELECT bytes FROM events WHERE seq >= $1 AND seq < $2 ORDER BY seq", static row => (byte[])row.GetValue(0), first, first + count);
            hash = LogChain.Step(hash, first, count, LogChain.Fold(bytes));
            session.Execute("UPDATE event_batches SET hash = $1 WHERE first_seq = $2", hash, first);
            last = first + count - 1;
        }

        session.Execute("UPDATE log_head SET seq = $1, hash = $2", last, hash);
    }

    private static void Found(RunningWarder warder, string what, Action<Session> alter)
    {
        using var session = warder.Node.Store.OpenWriter();
        session.Execute(warder.Node.Store.Dialect.Begin);
        alter(session);
        var report = LogVerification.Run(session);
        session.Execute("ROLLBACK");
        Assert.True(report.Problem is not null, $"Not found: {what}");
        Assert.Null(LogVerification.Run(session).Problem);
    }
}
