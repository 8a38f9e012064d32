using Warder.Storage;
using Warder.Storage.Postgres;

namespace Warder.Server.Nodes;

/// <summary>
/// Waits for news of what other nodes committed, brings it into memory and acknowledges it. The news only wakes: what there is to know is in the log, which is looked at
/// now and then in any case.
/// </summary>
/// <remarks>It waits for no replica: <see cref="AckPublisher"/> tells when replicas have followed.</remarks>
internal sealed class NewsReader : IDisposable
{
    private const int LookMilliseconds = 100;
    private const int RetryMilliseconds = 200;

    private readonly Peers peers;
    private readonly AckPublisher publisher;
    private readonly Thread thread;
    private readonly ManualResetEventSlim stop = new();

    public NewsReader(Peers peers, AckPublisher publisher)
    {
        (this.peers, this.publisher) = (peers, publisher);
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
                publisher.Prepare(session);
                LogNews.Listen(session);
                while (!stop.IsSet)
                {
                    Look(session);
                    LogNews.Wait(session, LookMilliseconds);
                }
            }
            catch (Exception)
            {
                // The keeper of the lease says what is wrong. Whatever it is: nothing is acknowledged, and the lease runs out.
                stop.Wait(RetryMilliseconds);
            }
        }
    }

    private void Look(Session session)
    {
        if (!peers.Follower.HasBegun)
            return;
        if (!peers.Follower.CatchUp(session))
            peers.FallBehind();
        peers.Touch();
        publisher.Publish(session);
    }
}
