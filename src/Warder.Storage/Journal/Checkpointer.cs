using Microsoft.Data.Sqlite;
using Warder.Storage.Sqlite;

namespace Warder.Storage.Journal;

/// <summary>Moves the write-ahead file into the database on a thread and connection of its own, so that no commit waits for it.</summary>
internal sealed class Checkpointer : IDisposable
{
    private const int BatchesBetween = 64;

    private readonly AutoResetEvent wanted = new(false);
    private readonly Session session;
    private readonly Thread thread;
    private volatile bool stopping;
    private int batches;

    public Checkpointer(SqliteStore store)
    {
        session = store.OpenWriter();
        thread = new Thread(Run) { IsBackground = true, Name = "checkpointer" };
        thread.Start();
    }

    /// <summary>A batch was committed. Called by the writer only.</summary>
    public void Notice()
    {
        if (++batches < BatchesBetween)
            return;
        batches = 0;
        wanted.Set();
    }

    public void Dispose()
    {
        stopping = true;
        wanted.Set();
        thread.Join();
        session.Dispose();
        wanted.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            wanted.WaitOne();
            if (stopping)
                return;
            try
            {
                SqliteStore.Checkpoint(session);
            }
            catch (SqliteException)
            {
                // The write-ahead file grows until the next try; nothing is lost.
            }
        }
    }
}
