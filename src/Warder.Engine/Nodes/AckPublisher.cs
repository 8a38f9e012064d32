using Warder.Storage;
using Warder.Storage.Nodes;

namespace Warder.Engine.Nodes;

/// <summary>
/// Tells the other nodes what this node's memory and its replicas have acknowledged: the pair in the row of its epoch. The thread that
/// reads the log publishes what memory has applied at once; the thread here publishes what replicas acknowledge later. A replica that does
/// not acknowledge holds up neither.
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

    /// <summary>A replica has acknowledged something, or need not be waited for any more. Never waits.</summary>
    public void Wake()
    {
        if (!stopping)
            changed.Set();
    }

    /// <summary>Publishes what there is to tell, if it is not told already.</summary>
    public void Publish(Session session)
    {
        // The epoch first: what memory has by then, any later epoch has as well.
        var epoch = peers.Epoch;
        if (epoch == 0 || !peers.LogApplier.HasBegun)
            return;
        var before = Volatile.Read(ref last);
        var (acks, states, told) = peers.AcksToTell;
        var isSame = before?.Epoch == epoch && string.Equals(before.States, states, StringComparison.Ordinal);
        if (isSame && before!.Acks == acks)
            return;
        try
        {
            // What receipts show of replicas is written with the pair that it matches.
            if (NodeTable.Acknowledge(session, epoch, acks, isSame ? null : states, told))
                Remember(new LastAck(epoch, told, acks, states));
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
                    // Replicas wake it for each of their acknowledgements. Only the pair makes others wait.
                    if (Volatile.Read(ref last)?.Acks != peers.Acks)
                        Publish(session);
                    changed.WaitOne(LookMilliseconds);
                }
            }
            catch (Exception)
            {
                // The keeper of the lease says what is wrong. A pair that is not told costs a wait.
                if (!stopping)
                    changed.WaitOne(RetryMilliseconds);
            }
        }
    }

    // What was told last; null when it is not known to have arrived.
    private void Remember(LastAck? told)
    {
        lock (gate)
        {
            if (told is null || last is null || told.Told > last.Told)
                last = told;
        }
    }

    private sealed record LastAck(long Epoch, long Told, NodeAcks Acks, string States);
}
