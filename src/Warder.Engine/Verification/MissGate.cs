namespace Warder.Engine.Verification;

/// <summary>
/// Bounds the requests that read the store for validations: in total, and for one environment to half of that. Further requests of an
/// environment wait in order, without a thread, up to a bound; environments take turns. A request beyond that bound is refused, so that a
/// flood affects its own environment only.
/// </summary>
/// <remarks>Thread-safe. A hit does not enter the gate.</remarks>
internal sealed class MissGate
{
    /// <summary>The number of requests that may read at a time.</summary>
    public const int MostRunning = 12;

    /// <summary>The number of them that may belong to one environment.</summary>
    public const int MostRunningOfEnvironment = MostRunning / 2;

    /// <summary>The number of requests of one environment that may wait.</summary>
    public const int MostWaitingOfEnvironment = 1_024;

    /// <summary>The bytes that waiting requests of one environment may hold: the body of each is kept until the answer.</summary>
    public const long MostWaitingBytesOfEnvironment = 64L << 20;

    private static readonly TimeSpan DefaultMostWait = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private readonly Dictionary<int, Line> lines = [];
    private readonly Queue<Line> turns = [];
    private readonly TimeSpan mostWait;
    private int running;
    private long refused;

    /// <summary>Creates a gate.</summary>
    /// <param name="mostWait">The longest wait for a place; null: 3 s.</param>
    public MissGate(TimeSpan? mostWait = null) => this.mostWait = mostWait ?? DefaultMostWait;

    /// <summary>The number of requests refused because too many waited, or because the wait took too long.</summary>
    public long Refused => Volatile.Read(ref refused);

    /// <summary>The number of waiting requests.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return lines.Values.Sum(static line => line.Waiting.Count);
        }
    }

    /// <summary>Takes a place without a wait.</summary>
    /// <returns>False: there is no place, or other requests of the environment wait for one.</returns>
    public bool TryEnter(int environment)
    {
        lock (gate)
        {
            var line = LineOf(environment);
            if (!MayRun(line) || line.Waiting.Count > 0)
                return false;
            Run(line);
            return true;
        }
    }

    /// <summary>Waits for a place.</summary>
    /// <param name="environment">The environment of the request.</param>
    /// <param name="heldBytes">The bytes that the request holds during the wait.</param>
    /// <returns>False: too many requests wait, or no place came in time. The caller then has no place to leave.</returns>
    public async Task<bool> EnterAsync(int environment, int heldBytes = 0)
    {
        LinkedListNode<Waiter> waiter;
        lock (gate)
        {
            var line = LineOf(environment);
            if (MayRun(line) && line.Waiting.Count == 0)
            {
                Run(line);
                return true;
            }

            if (line.Waiting.Count >= MostWaitingOfEnvironment || line.WaitingBytes + heldBytes > MostWaitingBytesOfEnvironment)
            {
                refused++;
                return false;
            }

            waiter = Wait(line, heldBytes);
        }

        try
        {
            // While the store hangs, no place is released.
            await waiter.Value.Place.Task.WaitAsync(mostWait);
            return true;
        }
        catch (TimeoutException)
        {
            return !TryGiveUp(environment, waiter);
        }
    }

    /// <summary>Releases a place.</summary>
    public void Leave(int environment)
    {
        lock (gate)
        {
            running--;
            var line = lines[environment];
            line.Running--;
            for (var left = turns.Count; left > 0 && running < MostRunning; left--)
            {
                var next = turns.Dequeue();
                if (MayRun(next) && next.Waiting.Count > 0)
                {
                    Run(next);
                    var waiter = next.Waiting.First!;
                    Remove(next, waiter);
                    waiter.Value.Place.SetResult();
                }

                next.HasTurn = next.Waiting.Count > 0;
                if (next.HasTurn)
                    turns.Enqueue(next);
            }
        }
    }

    private bool MayRun(Line line) => running < MostRunning && line.Running < MostRunningOfEnvironment;

    private void Run(Line line)
    {
        running++;
        line.Running++;
    }

    private LinkedListNode<Waiter> Wait(Line line, int heldBytes)
    {
        var waiter = line.Waiting.AddLast(new Waiter(heldBytes));
        line.WaitingBytes += heldBytes;
        if (!line.HasTurn)
        {
            line.HasTurn = true;
            turns.Enqueue(line);
        }

        return waiter;
    }

    // False: the waiter was given its place meanwhile.
    private bool TryGiveUp(int environment, LinkedListNode<Waiter> waiter)
    {
        lock (gate)
        {
            if (waiter.List is null)
                return false;
            Remove(lines[environment], waiter);
            refused++;
            return true;
        }
    }

    private static void Remove(Line line, LinkedListNode<Waiter> waiter)
    {
        line.Waiting.Remove(waiter);
        line.WaitingBytes -= waiter.Value.HeldBytes;
    }

    // Lines are never removed: there are few environments, and every miss takes a place.
    private Line LineOf(int environment)
    {
        if (!lines.TryGetValue(environment, out var line))
            lines.Add(environment, line = new Line());
        return line;
    }

    private sealed class Line
    {
        public int Running { get; set; }

        public LinkedList<Waiter> Waiting { get; } = [];

        public long WaitingBytes { get; set; }

        // Whether it is in the queue of turns.
        public bool HasTurn { get; set; }
    }

    private sealed record Waiter(int HeldBytes)
    {
        public TaskCompletionSource Place { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
