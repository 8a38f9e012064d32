namespace Warder.Faults.Injection;

/// <summary>
/// Injects faults on two threads, one after the other on each, so that two may overlap. The seed determines the fault, its target and its
/// duration: each applicable kind comes once before any repeats. A thread leaves the other thread's targets alone.
/// </summary>
internal sealed class Injector : IDisposable
{
    private const int ThreadCount = 2;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly Fleet fleet;
    private readonly Journal journal;
    private readonly TimeSpan gap;
    private readonly Lock gate = new();
    private readonly Random random;
    private readonly FaultKind[] kinds;
    private readonly Queue<FaultKind> deck = new();
    private readonly HashSet<string> targets = [];
    private readonly CancellationTokenSource ending = new();
    private readonly List<Thread> threads = [];
    private readonly List<Exception> failures = [];

    /// <param name="fleet">The targets.</param>
    /// <param name="journal">The record of faults.</param>
    /// <param name="seed">The seed of all choices.</param>
    /// <param name="gap">The mean pause between two faults of a thread.</param>
    /// <param name="only">Parts of the names of the kinds to use; none: all.</param>
    public Injector(Fleet fleet, Journal journal, int seed, TimeSpan gap, IReadOnlyList<string> only)
    {
        kinds = [.. FaultKind.All.Where(kind => kind.Fits(fleet) && (only.Count == 0 || only.Any(kind.Name.Contains)))];
        if (kinds.Length == 0)
            throw new InvalidOperationException($"No kind of fault is called that here: {string.Join(", ", only)}");
        (this.fleet, this.journal, this.gap, random) = (fleet, journal, gap, new Random(seed));
        for (var i = 0; i < ThreadCount; i++)
        {
            var own = new Random(HashCode.Combine(seed, i));
            threads.Add(new Thread(() => Run(own)) { Name = $"injector {i}", IsBackground = true });
        }
    }

    /// <summary>The exceptions of mends that failed, at which the injector gave up.</summary>
    public IReadOnlyCollection<Exception> Failures
    {
        get
        {
            lock (gate)
                return [.. failures];
        }
    }

    public void Start() => threads.ForEach(thread => thread.Start());

    /// <summary>Starts no new fault, and mends the current ones.</summary>
    public void Stop()
    {
        ending.Cancel();
        threads.ForEach(thread => thread.Join());
    }

    public void Dispose() => ending.Dispose();

    private void Run(Random own)
    {
        while (!ending.IsCancellationRequested)
        {
            Wait(gap * (0.5 + own.NextDouble()));
            (FaultKind Kind, FaultTarget It, IReadOnlyList<string> Places) next;
            while (!Take(out next) && !ending.IsCancellationRequested)
                Wait(BetweenTries);
            if (ending.IsCancellationRequested)
                return;
            var fault = journal.Begin(next.Kind, next.Places);
            fault.Concerns(Followers(next.Places));
            try
            {
                next.Kind.Inject(next.It, own, Wait);
            }
            catch (Exception e)
            {
                lock (gate)
                    failures.Add(new InvalidOperationException($"{next.Kind.Name}, {string.Join(", ", next.Places)}: {e.Message}", e));
                return;
            }
            finally
            {
                // An application that moved to the node meanwhile, from another lost node, is affected like the applications that followed
                // it before.
                fault.Concerns(Followers(next.Places));
                fault.To = System.Diagnostics.Stopwatch.GetTimestamp();
                lock (gate)
                    targets.ExceptWith(next.Places);
            }
        }
    }

    private IEnumerable<string> Followers(IReadOnlyList<string> places)
        => fleet.Replicas.Where(replica => replica.Followed is { } node && places.Contains(node.Name)).Select(replica => replica.Name);

    // False when the other thread holds a target of the next fault.
    private bool Take(out (FaultKind Kind, FaultTarget It, IReadOnlyList<string> Places) next)
    {
        lock (gate)
        {
            if (deck.Count == 0)
            {
                random.Shuffle(kinds);
                foreach (var kind in kinds)
                    deck.Enqueue(kind);
            }

            var first = deck.Peek();
            var it = first.Choose(fleet, random);
            next = (first, it, first.Places(it));
            if (targets.Overlaps(next.Places))
                return false;
            targets.UnionWith(next.Places);
            deck.Dequeue();
            return true;
        }
    }

    private void Wait(TimeSpan time) => ending.Token.WaitHandle.WaitOne(time);
}
