using Warder.Core.Queues;

namespace Warder.Storage.Journal;

/// <summary>The environment and the management key that a command is queued under.</summary>
/// <param name="Environment">The number of its environment; 0: the server's own.</param>
/// <param name="Key">The management key of the command; empty: none.</param>
/// <param name="IsEnding">Whether it ends a right: a revocation, an expiry, a suspension, a deactivation, a deletion.</param>
public readonly record struct CommandOrigin(int Environment, string Key, bool IsEnding)
{
    /// <summary>The server's own commands.</summary>
    public static CommandOrigin Server { get; } = new(0, "", false);
}

/// <summary>
/// The commands that wait for the writer. Environments take turns, and in each of them its management keys, so that one tenant's flood
/// waits behind itself; endings go first, and take three turns of four as long as others wait.
/// </summary>
/// <remarks>Thread-safe; one thread takes.</remarks>
internal sealed class CommandQueue
{
    private const int MostEndingsInARow = 3;

    private static readonly FairShares Shares = new(Waiting: 16_384, WaitingOfEnvironment: 4_096, WaitingOfKey: 2_048);

    private readonly object gate = new();
    private readonly FairQueue<PendingCommand> endings = new(Shares);
    private readonly FairQueue<PendingCommand> others = new(Shares);
    private volatile int count;
    private int endingsInARow;
    private bool isComplete;

    /// <summary>Puts a command in. False when too many of its key, of its environment, or of all wait, or when no more are taken.</summary>
    public bool TryAdd(PendingCommand command, CommandOrigin origin)
    {
        lock (gate)
        {
            if (isComplete || !(origin.IsEnding ? endings : others).TryAdd(origin.Environment, origin.Key, command))
                return false;
            if (count++ == 0)
                Monitor.PulseAll(gate);
            return true;
        }
    }

    /// <summary>Takes the next one. False when none waits.</summary>
    public bool TryTake(out PendingCommand command)
    {
        command = null!;
        if (count == 0)
            return false;
        lock (gate)
        {
            var isEnding = endings.Count > 0 && (endingsInARow < MostEndingsInARow || others.Count == 0);
            if (!(isEnding ? endings : others).TryTake(out command))
                return false;
            endingsInARow = isEnding ? endingsInARow + 1 : 0;
            count--;
            return true;
        }
    }

    /// <summary>Waits until there is one. False when none waits and none will come.</summary>
    public bool Wait()
    {
        lock (gate)
        {
            while (count == 0 && !isComplete)
                Monitor.Wait(gate);
            return count > 0;
        }
    }

    /// <summary>Takes no more.</summary>
    public void Complete()
    {
        lock (gate)
        {
            isComplete = true;
            Monitor.PulseAll(gate);
        }
    }
}
