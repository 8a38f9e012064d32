using System.Collections.Concurrent;
using System.Diagnostics;

namespace Warder.Faults.Load;

/// <summary>
/// Takes what has ended out of the roster a while later, waits until nothing of it is under way, judges its history, and forgets it: so
/// memory stays bounded, however long the run.
/// </summary>
internal sealed class Judgement(Roster roster, Action<Violation> report)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<(Subject Subject, long Due)> retired = new();
    private readonly List<(Subject Subject, long Due)> waiting = [];
    private Thread? thread;
    private volatile bool stopping;

    /// <summary>How many histories were judged, and how many changes were in them.</summary>
    public (int Histories, int Violations) Judged { get; private set; }

    public void Start()
    {
        thread = new Thread(Run) { Name = "judgement", IsBackground = true };
        thread.Start();
    }

    /// <summary>The subject has ended, and is asked about for a while longer.</summary>
    public void Retire(Subject subject, TimeSpan linger) => retired.Enqueue((subject, Stopwatch.GetTimestamp() + Meter.Ticks(linger)));

    /// <summary>Judges all that is left. Nothing may be under way any more.</summary>
    public void Stop()
    {
        stopping = true;
        thread!.Join();
        Look(long.MaxValue);
        if (waiting.Count > 0)
            throw new InvalidOperationException($"{waiting.Count} histories could not be judged: {waiting[0].Subject.Name} is not quiet.");
    }

    private void Run()
    {
        while (!stopping)
        {
            Look(Stopwatch.GetTimestamp());
            Thread.Sleep(BetweenLooks);
        }
    }

    private void Look(long now)
    {
        while (retired.TryDequeue(out var one))
            waiting.Add(one);
        for (var i = waiting.Count - 1; i >= 0; i--)
        {
            var (subject, due) = waiting[i];
            if (due > now)
                continue;
            foreach (var target in subject.Targets)
                roster.Remove(target);
            if (!subject.IsQuiet)
                continue;
            waiting.RemoveAt(i);
            var violation = subject.Judge();
            subject.Forget();
            Judged = (Judged.Histories + 1, Judged.Violations + (violation is null ? 0 : 1));
            if (violation is not null)
                report(violation);
        }
    }
}
