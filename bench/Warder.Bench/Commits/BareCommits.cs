using Warder.Storage;
using Warder.Storage.Sqlite;

namespace Warder.Bench.Commits;

/// <summary>Makes the baseline: one row and its durable commit, one caller, on the same kind of file with the same settings.</summary>
internal sealed class BareCommits : IDisposable
{
    private const int CommitsBetweenCheckpoints = 1_000;
    private readonly SqliteStore store;
    private readonly Session session;
    private int commits;

    public BareCommits(string folder)
    {
        store = SqliteStore.Open(Path.Combine(folder, "bare.db"));
        session = store.OpenWriter();
        session.Execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, value TEXT NOT NULL)");
    }

    /// <summary>Commits one row.</summary>
    public void Commit()
        => session.Execute(
            "INSERT INTO bare (value) VALUES ($1)",
            "a hundred bytes, as a row of the sort that a change writes would have them, more or less, and no more.");

    /// <summary>Keeps the write-ahead file small, as the server does; outside of the timed part.</summary>
    public void CheckpointNowAndThen()
    {
        if (++commits % CommitsBetweenCheckpoints == 0)
            session.Number("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    public void Dispose()
    {
        session.Dispose();
        store.Dispose();
    }
}
