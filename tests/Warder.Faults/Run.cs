using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Warder.Faults;

/// <summary>One run, from an empty directory to the summary.</summary>
internal sealed class Run(RunOptions options)
{
    private const double ChangesPerSecond = 60;
    private const int MaxReportedViolations = 5;

    // Faults are planned for less than the available time, so that the run reaches the requested number.
    private const double Haste = 1.25, LatestFactor = 2;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3), BetweenLines = TimeSpan.FromSeconds(5),
        BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly Journal journal = new();
    private readonly ConcurrentQueue<Violation> violations = new();
    private long began;

    /// <summary>Runs it; returns the exit code.</summary>
    public int ToEnd()
    {
        var directory = Fleet.NewDirectory();
        IReadOnlyList<string> wrong;
        try
        {
            using var fleet = new Fleet(options, directory);
            wrong = On(fleet);
        }
        catch (InvalidOperationException e)
        {
            wrong = [e.Message];
            Console.Error.WriteLine(e.Message);
        }

        if (wrong.Count > 0 || options.Keep)
            Console.WriteLine($"The servers' output and the record of faults are in {directory}.");
        else
            Directory.Delete(directory, recursive: true);
        return wrong.Count > 0 ? 1 : 0;
    }

    private IReadOnlyList<string> On(Fleet fleet)
    {
        var (requests, meter, roster) = (new Requests(fleet.ManagementKey), new Meter(fleet.Verifiers), new Roster());
        began = meter.Began;
        using var founder = new Caller(requests, meter);
        var scene = Scene.Found(founder, fleet.Regular[0], fleet.Epochs);
        fleet.Hostile = options.Attackers ? HostileKeys.Found(founder, fleet.Regular[0], meter) : null;
        var sightings = fleet.Sightings = new Sightings(requests);
        var pool = new ValidatorPool(fleet, requests, meter, roster);
        var judgement = new Judgement(roster, Report);
        var changers = new Changers(fleet.Nodes, requests, meter, roster, pool, scene, judgement, ChangesPerSecond);
        using var injector = new Injector(fleet, journal, options.Seed, Gap, options.Only);
        judgement.Start();
        changers.Start(options.Seed);
        injector.Start();
        WaitForEnd(meter, pool, judgement, injector);
        injector.Stop();
        Thread.Sleep(Settling);
        var until = Stopwatch.GetTimestamp();
        changers.Stop();
        pool.Dispose();
        judgement.Stop();
        File.WriteAllLines(Path.Combine(fleet.Directory, "faults"), ViolationReport.Of(journal, began));
        var (text, wrong) = new Summary(fleet, meter, changers, journal, judgement, violations, sightings)
            .Write(options, until, injector.Failures.Select(failure => failure.Message));
        Console.WriteLine(text);
        return wrong;
    }

    // Two threads inject faults, each of which takes a few seconds itself.
    private TimeSpan Gap
    {
        get
        {
            var each = TimeSpan.FromMinutes(options.Minutes / Haste) * 2 / Math.Max(options.Faults, 1);
            var least = TimeSpan.FromSeconds(0.5);
            var own = TimeSpan.FromSeconds(4);
            return each - own > least ? each - own : least;
        }
    }

    private void WaitForEnd(Meter meter, ValidatorPool pool, Judgement judgement, Injector injector)
    {
        var (planned, latest) = (TimeSpan.FromMinutes(options.Minutes), TimeSpan.FromMinutes(options.Minutes * LatestFactor));
        var line = BetweenLines;
        // One violation is enough: the report includes the faults that were active then.
        for (var elapsed = TimeSpan.Zero;
            elapsed < latest && injector.Failures.Count == 0 && violations.IsEmpty; elapsed = Stopwatch.GetElapsedTime(began))
        {
            var faults = journal.Faults.Count(fault => fault.To != long.MaxValue);
            if (elapsed > line)
            {
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{elapsed.TotalSeconds,6:f0} s: {meter.Validations:n0} validations, {meter.FromMemory:n0} in applications, {faults}"
                        + $" faults, {judgement.Judged.Histories:n0} histories judged, {violations.Count} violations"));
                line = elapsed + BetweenLines;
            }

            pool.Hurry(options.Validations - meter.Validations, options.Local - meter.FromMemory, planned - elapsed);
            if (elapsed >= planned
                && meter.Validations >= options.Validations
                && meter.FromMemory >= options.Local
                && faults >= options.Faults)
                return;
            Thread.Sleep(BetweenLooks);
        }
    }

    private void Report(Violation violation)
    {
        violations.Enqueue(violation);
        if (violations.Count <= MaxReportedViolations)
            Console.Error.WriteLine(ViolationReport.Of(violation, journal, began));
    }
}
