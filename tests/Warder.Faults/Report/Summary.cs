using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Warder.Faults.Report;

/// <summary>What came of a run, for people; and whether it is good.</summary>
internal sealed class Summary(Fleet fleet, Meter meter, Changers changers, Journal journal, Judgement judgement, IReadOnlyCollection<Violation> violations)
{
    /// <summary>The least share of its time in which a node serves, outside its own faults.</summary>
    public const double LeastAvailability = 0.9;

    // Less than this says nothing.
    private static readonly TimeSpan LeastLooked = TimeSpan.FromSeconds(20);

    private const int MostGaps = 8;

    private readonly StringBuilder text = new();
    private readonly List<string> wrong = [];

    /// <summary>The whole of it, until the load was stopped, and what is wrong: nothing, when the run is good.</summary>
    public (string Text, IReadOnlyList<string> Wrong) Write(RunOptions options, long until, IEnumerable<string> failures)
    {
        Line($"seed {options.Seed}: {Stopwatch.GetElapsedTime(meter.Began, until).TotalSeconds:f0} s, {fleet.Regular.Count} nodes, {(fleet.Postgres is null ? "an embedded database" : "PostgreSQL")}, {(fleet.Network.OfOwn ? "a network for each node" : "one network for all")}");
        Validations(options);
        Changes();
        Faults(options);
        Availability(until);
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
        Line($"validations: {meter.Validations:n0}");
        foreach (var node in fleet.Nodes)
        {
            var tally = meter[node];
            var codes = Enum.GetValues<Code>().Where(code => tally.ByCode[(int)code] > 0).Select(code => $"{code} {tally.ByCode[(int)code]:n0}");
            Line($"  {node.Name}: {string.Join(", ", codes)}; {tally.Unanswered:n0} unanswered");
            // A node that never allowed, or never denied, shows nothing.
            if (fleet.Regular.Contains(node) && (tally.ByCode[(int)Code.Allowed] == 0 || tally.ByCode[(int)Code.Revoked] == 0))
                wrong.Add($"{node.Name} has not both allowed and denied");
        }

        if (meter.Validations < options.Validations)
            wrong.Add($"{meter.Validations:n0} validations, of {options.Validations:n0} asked for");
    }

    private void Changes()
    {
        Line($"changes: {changers.Counts.Values.Sum():n0}");
        foreach (var kind in changers.Counts.GroupBy(count => count.Key.Kind).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Line($"  {kind.Key}: {string.Join(", ", kind.OrderBy(count => count.Key.Outcome, StringComparer.Ordinal).Select(count => $"{count.Value:n0} {count.Key.Outcome}"))}");
            if (!kind.Any(count => count.Key.Outcome == "done"))
                wrong.Add($"no change {kind.Key} was done");
        }

        foreach (var kind in Enum.GetNames<DeedKind>().Where(name => changers.Counts.Keys.All(key => key.Kind != name)))
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
            wrong.Add($"{faults.Count} faults, of {options.Faults} asked for");
    }

    private void Availability(long until)
    {
        Line($"availability outside own faults, at least {LeastAvailability:p0}:");
        foreach (var node in fleet.Regular)
        {
            var found = meter.AvailabilityOf(node, journal.Excuses(node), until);
            var longest = found.Gaps.OrderByDescending(gap => gap.To - gap.From).Take(MostGaps).Select(gap => Telling.Times(gap.From, gap.To, meter.Began));
            Line($"  {node.Name}: {found.Share:p2} of {found.Looked.TotalSeconds:f0} s{(found.Share < 1 ? $"; not, or not always, at {string.Join(", ", longest)}" : "")}");
            if (found.Looked >= LeastLooked && found.Share < LeastAvailability)
                wrong.Add($"{node.Name} served {found.Share:p2} of its time outside its own faults");
        }
    }

    private void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
