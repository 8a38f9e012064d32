using Warder.Core.Time;

namespace Warder.Engine.Verification;

/// <summary>
/// Bounds the requests that read the store for validations: so many at a time in all, half of them of one environment; so many more of an
/// environment wait, in order, without a thread. Environments take turns. What is more is refused, and is that environment's alone.
/// </summary>
/// <remarks>Thread-safe. A hit does not come here.</remarks>
internal sealed class MissGate
{
    /// <summary>How many requests read at a time.</summary>
    public const int MostRunning = 12;

    /// <summary>How many of them are of one environment.</summary>
    public const int MostRunningOfEnvironment = MostRunning / 2;

    /// <summary>How many of one environment wait.</summary>
    public const int MostWaitingOfEnvironment = 1_024;

    private const long MostWaitMicroseconds = 3_000_000;

    private readonly Lock gate = new();
    private readonly Dictionary<int, Line> lines = [];
    private readonly Queue<Line> turns = [];
    private int running;
    private long refused;

    /// <summary>How many were refused because too many waited, or waited for too long.</summary>
    public long Refused => Volatile.Read(ref refused);

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
                return lines.Values.Sum(static line => line.Waiting.Count);
        }
    }

    /// <summary>Takes a place at once. False when there is none, or others of the environment wait for one.</summary>
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

    /// <summary>Waits for a place. False when too many wait already, or none came in time: then there is nothing to leave.</summary>
    public async Task<bool> EnterAsync(int environment)
    {
        Task? place = null;
        lock (gate)
        {
            var line = LineOf(environment);
            if (MayRun(line) && line.Waiting.Count == 0)
            {
                Run(line);
            }
            else if (line.Waiting.Count >= MostWaitingOfEnvironment)
            {
                refused++;
                return false;
            }
            else
            {
                place = Wait(line);
            }
        }

        if (place is null)
            return true;
        var since = Clock.MonotonicMicroseconds();
        await place;
        if (Clock.MonotonicMicroseconds() - since <= MostWaitMicroseconds)
            return true;
        Leave(environment);
        Interlocked.Increment(ref refused);
        return false;
    }

    /// <summary>Gives a place back.</summary>
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
                if (MayRun(next))
                {
                    Run(next);
                    next.Waiting.Dequeue().SetResult();
                }

                if (next.Waiting.Count > 0)
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

    private Task Wait(Line line)
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        line.Waiting.Enqueue(waiting);
        if (line.Waiting.Count == 1)
            turns.Enqueue(line);
        return waiting.Task;
    }

    // Kept for good: there are few environments, and a place is taken for every miss.
    private Line LineOf(int environment)
    {
        if (!lines.TryGetValue(environment, out var line))
            lines.Add(environment, line = new Line());
        return line;
    }

    private sealed class Line
    {
        public int Running { get; set; }

        public Queue<TaskCompletionSource> Waiting { get; } = [];
    }
}
