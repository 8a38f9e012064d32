using Warder.Storage;
using Warder.Storage.Nodes;

namespace Warder.Engine.Nodes;

/// <summary>
/// Publishes the acknowledgements of this node's memory and its replicas: the pair in the row of its epoch. The thread that reads the log
/// publishes the position of memory at once; this class's thread publishes later acknowledgements of replicas. A replica that does not
/// acknowledge delays neither.
/// </summary>
/// <remarks>Thread-safe. Two threads may write at the same time: the row keeps the pair that was computed last.</remarks>
internal sealed class AckPublisher : IDisposable
{
    private const int LookMilliseconds = 1_000;
    private const int RetryMilliseconds = 200;

    private readonly ClusterMember peers;
    private readonly Thread thread;
    private readonly AutoResetEvent changed = new(initialState: false);
    private readonly Lock gate = new();
    private LastAck? last;
    private volatile bool stopping;

    public AckPublisher(ClusterMember peers)
    {
        this.peers = peers;
        thread = new Thread(Run) { IsBackground = true, Name = "acks" };
        thread.Start();
    }

    /// <summary>
    /// Prepares a new session for publishing. Its commits are not durable, because a lost acknowledgement only costs a wait. A crash of the
    /// database loses the last of them and ends the session, so each new session publishes the pair again.
    /// </summary>
    public void Prepare(Session session)
    {
        session.Execute("SET synchronous_commit = off");
        Remember(null);
    }

    /// <summary>Wakes the thread: a replica has acknowledged, or changes need not wait for it any more. Never waits.</summary>
    public void Wake()
    {
        if (!stopping)
            changed.Set();
    }

    /// <summary>Publishes the current pair and states, unless they are already published.</summary>
    public void Publish(Session session)
    {
        // The epoch is read first: any later epoch has applied at least as much as memory has by then.
        var epoch = peers.Epoch;
        if (epoch == 0 || !peers.LogApplier.HasBegun)
            return;
        var before = Volatile.Read(ref last);
        var (acks, states, number) = peers.AcksToPublish;
        var isSame = before?.Epoch == epoch && string.Equals(before.States, states, StringComparison.Ordinal);
        if (isSame && before!.Acks == acks)
            return;
        try
        {
            // The states of replicas are written together with the pair that they match.
            if (NodeTable.Acknowledge(session, epoch, acks, isSame ? null : states, number))
                Remember(new LastAck(epoch, number, acks, states));
        }
        catch
        {
            Remember(null);
            throw;
        }
    }

    public void Dispose()
    {
        stopping = true;
        changed.Set();
        thread.Join();
        changed.Dispose();
    }

    private void Run()
    {
        while (!stopping)
        {
            try
            {
                using var session = peers.OpenSession();
                Prepare(session);
                while (!stopping)
                {
                    // Each acknowledgement of a replica wakes this thread. Only the pair delays other nodes' changes.
                    if (Volatile.Read(ref last)?.Acks != peers.Acks)
                        Publish(session);
                    changed.WaitOne(LookMilliseconds);
                }
            }
            catch (Exception)
            {
                // The lease keeper logs the problem. An unpublished pair costs a wait.
                if (!stopping)
                    changed.WaitOne(RetryMilliseconds);
            }
        }
    }

    // Stores the last published pair; null: it may not have arrived.
    private void Remember(LastAck? ack)
    {
        lock (gate)
        {
            if (ack is null || last is null || ack.Number > last.Number)
                last = ack;
        }
    }

    private sealed record LastAck(long Epoch, long Number, NodeAcks Acks, string States);
}
