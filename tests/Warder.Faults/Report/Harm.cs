using System.Diagnostics;
using Warder.Faults.Attacks;

namespace Warder.Faults.Report;

/// <summary>
/// Measures the duration of changes under attack, outside of other faults, and finds the nodes that were refused without a fault of their
/// own.
/// </summary>
internal sealed class Harm(Journal journal, Meter meter, long until)
{
    /// <summary>Fewer changes than this are not significant.</summary>
    public const int LeastChanges = 20;

    // The effects of a fault last for a while: a lease of an attacker, a node that restarts, a node that its own slowness has barred.
    private static readonly TimeSpan AfterAttack = TimeSpan.FromSeconds(3), AfterOther = TimeSpan.FromSeconds(8),
        Grudge = TimeSpan.FromSeconds(90);

    // By then the budget of a key of the own environment is used up, and its remaining leases have ended.
    private static readonly TimeSpan UntilBarred = TimeSpan.FromSeconds(5);

    // The most that an attack may cost the median change. A bound in time alone would measure the machine.
    private const double MostTimes = 3;
    private static readonly TimeSpan MostMore = TimeSpan.FromMilliseconds(100);

    /// <summary>The median duration of changes outside of faults.</summary>
    public TimeSpan Calm { get; } = Median(Lengths(journal, meter, until, static _ => true, static _ => true)) ?? TimeSpan.Zero;

    /// <summary>The most that the median change may take under attack.</summary>
    public TimeSpan Most => Calm * MostTimes > Calm + MostMore ? Calm * MostTimes : Calm + MostMore;

    /// <summary>Counts the changes called under a kind of attack, with their median duration; null when there were too few.</summary>
    public (int Count, TimeSpan? Median) Under(FaultKind kind)
    {
        var after = kind.Name.StartsWith(AttackFaults.FromWithin, StringComparison.Ordinal) ? UntilBarred : TimeSpan.Zero;
        var attacks = journal.Faults.Where(fault => fault.Kind == kind).ToList();
        var lengths = Lengths(
            journal, meter, until,
            called => attacks.Exists(it => called > it.From + Meter.Ticks(after) && called < Math.Min(it.To, until)),
            static fault => fault.Kind.Where != Victim.Attacked);
        return (lengths.Count, lengths.Count < LeastChanges ? null : Median(lengths));
    }

    /// <summary>Lists nodes that were refused a lease though no fault except attacks had occurred for long.</summary>
    public IEnumerable<string> RefusedForOthers(Sightings sightings)
        => sightings.Refused.Where(seen => !journal.Faults.Any(
            fault => fault.Kind.Where != Victim.Attacked
                && fault.From < seen.At
                && (fault.To == long.MaxValue || fault.To + Meter.Ticks(Grudge) > seen.At)))
            .Select(static seen => seen.Node).Distinct(StringComparer.Ordinal);

    private static List<TimeSpan> Lengths(Journal journal, Meter meter, long until, Func<long, bool> isCalled, Func<Fault, bool> isTrouble)
    {
        var troubles = journal.Faults.Where(isTrouble)
            .Select(
                fault => (fault.From, To: Math.Min(fault.To, until)
                    + Meter.Ticks(fault.Kind.Where == Victim.Attacked ? AfterAttack : AfterOther))).ToList();
        return [.. meter.Changes
            .Where(change => isCalled(change.Called) && !troubles.Exists(it => it.From < change.Returned && it.To > change.Called))
            .Select(static change => Stopwatch.GetElapsedTime(change.Called, change.Returned))];
    }

    private static TimeSpan? Median(List<TimeSpan> lengths)
    {
        lengths.Sort();
        return lengths.Count == 0 ? null : lengths[lengths.Count / 2];
    }
}
