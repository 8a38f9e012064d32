using System.Collections.Concurrent;
using System.Diagnostics;

namespace Warder.Faults.Load;

/// <summary>
/// Removes each ended subject from the roster after a delay, waits until none of its validations is in flight, judges its history, and
/// drops it: so memory stays bounded for a run of any length.
/// </summary>
internal sealed class Judgement(Roster roster, Action<Violation> report)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<(Subject Subject, long Due)> retired = new();
    private readonly List<(Subject Subject, long Due)> waiting = [];
    private Thread? thread;
    private volatile bool stopping;

    /// <summary>Counts the judged histories, and the changes in them.</summary>
    public (int Histories, int Violations) Judged { get; private set; }

    public void Start()
    {
        thread = new Thread(Run) { Name = "judgement", IsBackground = true };
        thread.Start();
    }

    /// <summary>Takes a subject that has ended; validations of it go on for a while.</summary>
    public void Retire(Subject subject, TimeSpan linger) => retired.Enqueue((subject, Stopwatch.GetTimestamp() + Meter.Ticks(linger)));

    /// <summary>Judges all remaining subjects. No call may be in flight.</summary>
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
