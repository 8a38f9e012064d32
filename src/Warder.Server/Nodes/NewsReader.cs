using Warder.Storage;
using Warder.Storage.Nodes;
using Warder.Storage.Postgres;

namespace Warder.Server.Nodes;

/// <summary>
/// Waits for news of what other nodes committed, brings it into memory and acknowledges it. The news only wakes: what there is to know is in the log, which is looked at
/// now and then in any case.
/// </summary>
internal sealed class NewsReader : IDisposable
{
    private const int LookMilliseconds = 100;
    private const int RetryMilliseconds = 200;
    // A replica acknowledges in a millisecond. Whoever takes longer is not waited for here, for there may be news meanwhile.
    private const int PatienceMilliseconds = 5;

    private readonly Peers peers;
    private readonly Thread thread;
    private readonly ManualResetEventSlim stop = new();
    private (long Epoch, long Sequence) acknowledged;

    public NewsReader(Peers peers)
    {
        this.peers = peers;
        thread = new Thread(Run) { IsBackground = true, Name = "news" };
        thread.Start();
    }

    public void Dispose()
    {
        stop.Set();
        thread.Join();
        stop.Dispose();
    }

    private void Run()
    {
        while (!stop.IsSet)
        {
            try
            {
                using var session = peers.OpenSession();
                // Who is not heard is waited for: an acknowledgement need not survive a crash of the database.
                session.Execute("SET synchronous_commit = off");
                LogNews.Listen(session);
                while (!stop.IsSet)
                {
                    LogNews.Wait(session, Look(session) ? LookMilliseconds : PatienceMilliseconds);
                }
            }
            catch (Exception)
            {
                // The keeper of the lease says what is wrong. Whatever it is: nothing is acknowledged, and the lease runs out.
                stop.Wait(RetryMilliseconds);
            }
        }
    }

    // False when some replica has yet to follow.
    private bool Look(Session session)
    {
        // The epoch first: what memory has by then, any later epoch has as well.
        var epoch = peers.Epoch;
        if (!peers.Follower.HasBegun)
            return true;
        if (!peers.Follower.CatchUp(session))
            peers.FallBehind();
        peers.Touch();
        var all = peers.WaitForReplicas(PatienceMilliseconds);
        var applied = peers.Acknowledged;
        if (epoch == 0 || acknowledged == (epoch, applied))
            return all;
        NodeTable.Acknowledge(session, epoch, applied);
        acknowledged = (epoch, applied);
        return all;
    }
}
