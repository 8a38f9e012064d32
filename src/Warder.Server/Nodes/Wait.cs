using Warder.Core.Leases;
using Warder.Core.Verification;
using Warder.Storage.Journal;

namespace Warder.Server.Nodes;

/// <summary>One batch that is durable and not yet in force everywhere: who may still answer from before it.</summary>
internal sealed class Wait
{
    // Those who wait must never run on the thread that waits for them.
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<long, long> endsByEpoch;

    public Wait(CommittedBatch batch, long sinceMicroseconds, long allowanceMicroseconds)
    {
        (Sequence, IsTold) = (batch.Head.Sequence, batch.IsTold);
        SinceMicroseconds = sinceMicroseconds;
        endsByEpoch = batch.Nodes.ToDictionary(
            node => node.Epoch, node => sinceMicroseconds + new LeaseTerms(node.LeaseMilliseconds).WaiterMicroseconds + allowanceMicroseconds);
    }

    /// <summary>The last event of the batch.</summary>
    public long Sequence { get; }

    /// <summary>Whether those it waits for were woken with the commit.</summary>
    public bool IsTold { get; }

    /// <summary>Since when.</summary>
    public long SinceMicroseconds { get; }

    /// <summary>Ends when nobody is left.</summary>
    public Task Task => completion.Task;

    /// <summary>Whether nobody is left.</summary>
    public bool IsOver => endsByEpoch.Count == 0;

    /// <summary>Strikes out who has acknowledged it, and who is fenced or gone.</summary>
    /// <param name="acknowledged">What each epoch that is not fenced has acknowledged.</param>
    public void Strike(Dictionary<long, long> acknowledged)
    {
        foreach (var epoch in endsByEpoch.Keys)
        {
            if (!acknowledged.TryGetValue(epoch, out var sequence) || sequence >= Sequence)
                endsByEpoch.Remove(epoch);
        }
    }

    /// <summary>Strikes out one epoch whose memory is known to have the batch.</summary>
    public void Strike(long epoch) => endsByEpoch.Remove(epoch);

    /// <summary>Strikes out those whose leases from before the batch must be over, and names them.</summary>
    public List<long> Overdue(long nowMicroseconds)
    {
        List<long> overdue = [.. endsByEpoch.Where(each => nowMicroseconds >= each.Value).Select(each => each.Key)];
        foreach (var epoch in overdue)
            endsByEpoch.Remove(epoch);
        return overdue;
    }

    /// <summary>Answers whoever waits.</summary>
    public void End() => completion.TrySetResult();
}
