using Npgsql;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Journal;

/// <summary>
/// A commit that PostgreSQL does not answer, as when it waits for a lost standby: no component may break it off, and no caller waits for it
/// for ever.
/// </summary>
public sealed class UnansweredCommitTests : IDisposable
{
    private const string Slow = "slow";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TestDatabase database = new(Database.Postgres);
    private readonly JournalOnDisk disk;
    private readonly NpgsqlConnection holder;

    public UnansweredCommitTests()
    {
        disk = new JournalOnDisk(database, commitPatience: Patience);
        holder = new NpgsqlConnection(database.Connection);
        holder.Open();
        Execute(
            $"""
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
              BEGIN PERFORM pg_advisory_lock(1); PERFORM pg_advisory_unlock(1); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
              FOR EACH ROW WHEN (NEW.name = '{Slow}') EXECUTE FUNCTION wait();
            SELECT pg_advisory_lock(1)
            """);
    }

    public void Dispose()
    {
        holder.Dispose();
        disk.Dispose();
        database.Dispose();
    }

    [Fact]
    public async Task Its_caller_is_told_that_it_is_not_known_and_the_commit_is_left_to_end()
    {
        var unknown = await Assert.ThrowsAsync<StorageException>(() => disk.Note(Slow));
        Assert.Equal(StorageFaultKind.OutcomeUnknown, unknown.Kind);
        Assert.Equal(1, disk.Listener.Unknown);
        Assert.Empty(disk.Notes);

        var next = disk.Note("next");
        Execute("SELECT pg_advisory_unlock(1)");
        await next;
        Assert.Equal([Slow, "next"], disk.Notes);
        Assert.Null(disk.Problem);
    }

    [Fact]
    public async Task A_stopping_journal_waits_for_it_no_longer_than_its_caller()
    {
        var unanswered = disk.Note(Slow);
        await Waiting();
        disk.Stop();
        Assert.Equal(StorageFaultKind.OutcomeUnknown, (await Assert.ThrowsAsync<StorageException>(() => unanswered)).Kind);
    }

    private void Execute(string sql) => new NpgsqlCommand(sql, holder).ExecuteNonQuery();

    private async Task Waiting()
    {
        await using var command = new NpgsqlCommand("SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", holder);
        while ((long)(await command.ExecuteScalarAsync())! == 0)
            await Task.Yield();
    }
}
