using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Warder.Faults.Report;

/// <summary>Summarizes a run for people, and judges it.</summary>
internal sealed class Summary(
    Fleet fleet, Meter meter, Changers changers, Journal journal, Judgement judgement, IReadOnlyCollection<Violation> violations,
    Sightings sightings)
{
    /// <summary>The least share of its time in which a verifier serves, outside its own faults.</summary>
    public const double LeastAvailability = 0.9;

    // A shorter time is not significant.
    private static readonly TimeSpan LeastLooked = TimeSpan.FromSeconds(20);

    private const int MostGaps = 8;

    private readonly StringBuilder text = new();
    private readonly List<string> wrong = [];

    /// <summary>Describes the whole run, until the load was stopped, with its failures: none, when the run is good.</summary>
    public (string Text, IReadOnlyList<string> Wrong) Write(RunOptions options, long until, IEnumerable<string> failures)
    {
        var lasted = Stopwatch.GetElapsedTime(meter.Began, until).TotalSeconds;
        var database = fleet.Postgres is null ? "an embedded database" : "PostgreSQL";
        var network = fleet.Network.OfOwn ? "a network for each" : "one network for all";
        Line(
            $"seed {options.Seed}: {lasted:f0} s, {fleet.Regular.Count} nodes, {fleet.Replicas.Count} replicas, {database}, {network}");
        Validations(options);
        Changes();
        Faults(options);
        Availability(until);
        Attacks(until);
        Line($"histories judged: {judgement.Judged.Histories}");
        Line($"violations: {violations.Count}");
        if (violations.Count > 0)
            wrong.Add($"{violations.Count} violations");
        foreach (var odd in meter.OddAnswers)
            wrong.Add(odd);
        wrong.AddRange(failures);
        foreach (var one in wrong)
            Line($"WRONG: {one}");
        return (text.ToString(), wrong);
    }

    private void Validations(RunOptions options)
    {
        Line($"validations: {meter.Validations:n0} by nodes, {meter.FromMemory:n0} in applications, from their own memories");
        foreach (var verifier in fleet.Verifiers)
        {
            var tally = meter[verifier];
            var codes = Enum.GetValues<Code>().Where(code => tally.ByCode[(int)code] > 0)
                .Select(code => $"{code} {tally.ByCode[(int)code]:n0}");
            Line($"  {verifier.Name}: {string.Join(", ", codes)}; {tally.Unanswered:n0} unanswered");
            // A verifier that never allowed, or never denied, shows nothing.
            if (verifier != fleet.Spare && (tally.ByCode[(int)Code.Allowed] == 0 || tally.ByCode[(int)Code.Revoked] == 0))
                wrong.Add($"{verifier.Name} has not both allowed and denied");
        }

        if (meter.Validations < options.Validations)
            wrong.Add($"{meter.Validations:n0} validations by nodes, of {options.Validations:n0} requested");
        if (meter.FromMemory < options.Local)
            wrong.Add($"{meter.FromMemory:n0} validations from applications' memories, of {options.Local:n0} requested");
    }

    private void Changes()
    {
        Line($"changes: {changers.Counts.Values.Sum():n0}");
        foreach (var kind in changers.Counts.GroupBy(count => count.Key.Kind).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var outcomes = kind.OrderBy(count => count.Key.Outcome, StringComparer.Ordinal)
                .Select(count => $"{count.Value:n0} {count.Key.Outcome}");
            Line($"  {kind.Key}: {string.Join(", ", outcomes)}");
            if (!kind.Any(count => count.Key.Outcome == "done"))
                wrong.Add($"no change {kind.Key} was done");
        }

        foreach (var kind in Enum.GetNames<OperationKind>().Where(name => changers.Counts.Keys.All(key => key.Kind != name)))
            wrong.Add($"no change {kind} was made");
    }

    private void Faults(RunOptions options)
    {
        var faults = journal.Faults;
        Line($"faults: {faults.Count}");
        foreach (var kind in FaultKind.All)
        {
            var count = faults.Count(fault => fault.Kind == kind);
            Line($"  {kind.Name}: {(kind.Fits(fleet) ? $"{count}" : "cannot be here")}");
        }

        if (faults.Count < options.Faults)
            wrong.Add($"{faults.Count} faults, of {options.Faults} requested");
    }

    private void Availability(long until)
    {
        Line($"availability outside own faults, at least {LeastAvailability:p0}:");
        foreach (var verifier in fleet.Verifiers.Where(verifier => verifier != fleet.Spare))
        {
            var found = meter.AvailabilityOf(verifier, journal.Excuses(verifier), until);
            var longest = found.Gaps.OrderByDescending(gap => gap.To - gap.From).Take(MostGaps)
                .Select(gap => ViolationReport.Times(gap.From, gap.To, meter.Began));
            var missed = found.Share < 1 ? $"; not, or not always, at {string.Join(", ", longest)}" : "";
            Line($"  {verifier.Name}: {found.Share:p2} of {found.Looked.TotalSeconds:f0} s{missed}");
            if (found.Looked >= LeastLooked && found.Share < LeastAvailability)
                wrong.Add($"{verifier.Name} served {found.Share:p2} of its time outside its own faults");
        }
    }

    private void Attacks(long until)
    {
        if (fleet.Hostile is null)
            return;
        var harm = new Harm(journal, meter, until);
        Line($"changes take {harm.Calm.TotalMilliseconds:f1} ms (median), under attack at most {harm.Most.TotalMilliseconds:f1} ms:");
        foreach (var kind in AttackFaults.All)
        {
            var (count, median) = harm.Under(kind);
            if (count == 0)
                continue;
            Line($"  {kind.Name}: {(median is { } took ? $"{took.TotalMilliseconds:f1} ms" : "too few")} ({count:n0} changes)");
            if (median > harm.Most)
                wrong.Add($"changes took {median.Value.TotalMilliseconds:f1} ms under {kind.Name}");
        }

        foreach (var node in harm.RefusedForOthers(sightings))
            wrong.Add($"{node} was refused a lease for what its replicas did");
    }

    private void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
