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
    // What was said last; null when it is not known to have been heard.
    private volatile Said? last;

    public NewsReader(Peers peers)
    {
        this.peers = peers;
        thread = new Thread(Run) { IsBackground = true, Name = "news" };
        thread.Start();
    }

    /// <summary>What was said last of the replicas; null when it is not known to have been heard.</summary>
    public string? Noted => last?.Notes;

    /// <summary>What was acknowledged last, with that.</summary>
    public long Acknowledged => last?.Sequence ?? 0;

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
                // What was said before may be lost with the session.
                last = null;
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
        if (epoch != 0)
            Acknowledge(session, epoch, peers.Acknowledgement);
        return all;
    }

    // What there is to say of the replicas is written when it has changed, and never behind the acknowledgement.
    private void Acknowledge(Session session, long epoch, (long Sequence, string Notes) its)
    {
        var before = last;
        if (before?.Epoch != epoch || before.Notes != its.Notes)
            NodeTable.Acknowledge(session, epoch, its.Sequence, its.Notes);
        else if (before.Sequence != its.Sequence)
            NodeTable.Acknowledge(session, epoch, its.Sequence);
        last = new Said(epoch, its.Sequence, its.Notes);
    }

    private sealed record Said(long Epoch, long Sequence, string Notes);
}
