using Warder.Engine.Management;


namespace Warder.Engine.Streams;

/// <summary>
/// The bytes that one connection holds in memory: messages that are composed and unsent, and messages that are received and unprocessed.
/// They count for the connection, its management key, its environment and the node, so that a slow reader costs a bounded amount.
/// </summary>
/// <remarks>Thread-safe. Disposal returns the bytes that are still held.</remarks>
internal sealed class SendBudget(NodeShare node, Caller caller) : IDisposable
{
    // An object header, a length, and a place in a queue. Without it, a million empty messages would cost nothing.
    private const int MessageOverheadBytes = 64;

    // Answers use at most half of every bound, so that leases and revocations still reach a replica with many lookups.
    private const int PartOfAnswers = 2;

    private readonly Lock gate = new();
    private int held;
    private bool isOver;

    /// <summary>The number of held bytes.</summary>
    public int Held
    {
        get
        {
            lock (gate)
                return held;
        }
    }

    /// <summary>Returns the cost of a message of this length.</summary>
    public static int CostOf(int length) => length + MessageOverheadBytes;

    /// <summary>Takes bytes for a message that must be sent or was received.</summary>
    /// <returns>False: a bound would be exceeded, or the connection is over. No bytes were taken.</returns>
    public bool TryTake(int bytes) => TryTake(bytes, part: 1);

    /// <summary>Takes bytes for answers that can wait.</summary>
    /// <returns>False: there is no room now. No bytes were taken.</returns>
    public bool TryReserve(int bytes) => TryTake(bytes, PartOfAnswers);

    /// <summary>Returns bytes.</summary>
    public void Return(int bytes)
    {
        lock (gate)
        {
            if (isOver || bytes == 0)
                return;
            held -= bytes;
            node.Return(caller.ManagementKeyId!, caller.Environment, bytes);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (!isOver && held > 0)
                node.Return(caller.ManagementKeyId!, caller.Environment, held);
            isOver = true;
        }
    }

    private bool TryTake(int bytes, int part)
    {
        lock (gate)
        {
            if (isOver || held + bytes > StreamLimits.StreamBytesPerConnection / part
                || node.TryTake(caller.ManagementKeyId!, caller.Environment, bytes, part) != ShareBound.None)
                return false;
            held += bytes;
            return true;
        }
    }
}
