using Warder.Storage;
using Warder.Storage.Postgres;

namespace Warder.Engine.Nodes;

/// <summary>
/// Applies the commits of other nodes, and acknowledges them. A notification only wakes the thread; the log is the source, and is read from
/// time to time in any case.
/// </summary>
/// <remarks>It waits for no replica: <see cref="AckPublisher"/> publishes their acknowledgements.</remarks>
internal sealed class LogTailer : IDisposable
{
    private const int LookMilliseconds = 100;
    private const int RetryMilliseconds = 200;

    private readonly ClusterMember peers;
    private readonly AckPublisher publisher;
    private readonly Thread thread;
    private readonly ManualResetEventSlim stop = new();

    public LogTailer(ClusterMember peers, AckPublisher publisher)
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
                LogNotifications.Listen(session);
                while (!stop.IsSet)
                {
                    Look(session);
                    LogNotifications.Wait(session, LookMilliseconds);
                }
            }
            catch (Exception)
            {
                // The lease keeper logs the problem. Without acknowledgements the lease runs out.
                stop.Wait(RetryMilliseconds);
            }
        }
    }

    private void Look(Session session)
    {
        if (!peers.LogApplier.HasBegun)
            return;
        if (!peers.LogApplier.CatchUp(session))
            peers.FallBehind();
        peers.Touch();
        publisher.Publish(session);
    }
}
