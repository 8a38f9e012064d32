using Microsoft.Data.Sqlite;

namespace Warder.Storage.Sqlite;

/// <summary>Moves the write-ahead file into the database on a thread and connection of its own, so that no commit waits for it.</summary>
internal sealed class Checkpointer : IDisposable
{
    private const int BatchesBetween = 64;

    // 64 MB of pages of 4 KB.
    private const int PagesBeforeRestart = 16_384;

    private readonly AutoResetEvent wanted = new(false);
    private readonly Session session;
    private readonly LongReads longReads;
    private readonly Thread thread;
    private volatile bool stopping;
    private volatile bool overgrown;
    private int batches;

    /// <summary>Starts the thread.</summary>
    /// <param name="session">Its own, from now on.</param>
    /// <param name="longReads">The reads that may keep the file from starting again.</param>
    public Checkpointer(Session session, LongReads longReads)
    {
        (this.session, this.longReads) = (session, longReads);
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

    /// <summary>
    /// Ends the growth of the write-ahead file. Under constant load the checkpoint thread never reaches the last page, and only a file
    /// whose pages were all moved starts again. The writer, in the pause between two batches, can move the rest. Called by the writer only,
    /// outside a transaction.
    /// </summary>
    public void CatchUp(Session writer)
    {
        // Pages that a long read needs cannot be moved. These reads end soon, since no new one begins.
        if (!overgrown || !longReads.AreOver)
            return;
        overgrown = false;
        SqliteStore.Checkpoint(writer);
        longReads.Release();
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
                if (SqliteStore.Checkpoint(session) <= PagesBeforeRestart)
                    continue;
                longReads.Hold();
                overgrown = true;
            }
            catch (SqliteException)
            {
                // The write-ahead file grows until the next try; nothing is lost.
            }
        }
    }
}
