using System.Diagnostics;
using Warder.Faults.Attacks;

namespace Warder.Faults.Report;

/// <summary>
/// How long changes took under attack, where nothing else befell anybody, and which nodes were refused for no fault of their own.
/// </summary>
internal sealed class Harm(Journal journal, Meter meter, long until)
{
    /// <summary>Fewer changes than this say nothing.</summary>
    public const int LeastChanges = 20;

    // What befell somebody is felt for a while: a lease that an attacker has left behind, a node that begins anew, a node that its own
    // slowness has barred.
    private static readonly TimeSpan AfterAttack = TimeSpan.FromSeconds(3), AfterOther = TimeSpan.FromSeconds(8), Grudge = TimeSpan.FromSeconds(90);

    // By then the budget of a key of the own environment is used up, and the leases that it still had are over.
    private static readonly TimeSpan UntilBarred = TimeSpan.FromSeconds(5);

    // How much an attack may cost the change in the middle. Bounds of time alone would say more of the machine than of Warder.
    private const double MostTimes = 3;
    private static readonly TimeSpan MostMore = TimeSpan.FromMilliseconds(100);

    /// <summary>What the change in the middle took while nothing befell anybody.</summary>
    public TimeSpan Calm { get; } = Median(Lengths(journal, meter, until, static _ => true, static _ => true)) ?? TimeSpan.Zero;

    /// <summary>The most that it may take under attack.</summary>
    public TimeSpan Most => Calm * MostTimes > Calm + MostMore ? Calm * MostTimes : Calm + MostMore;

    /// <summary>
    /// How many changes were called under a kind of attack, and what the one in the middle took; null when there were too few.
    /// </summary>
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

    /// <summary>Nodes that were refused a lease though nothing but attacks had befallen anybody for long.</summary>
    public IEnumerable<string> RefusedForOthers(Sightings sightings)
        => sightings.Refused.Where(seen => !journal.Faults.Any(
            fault => fault.Kind.Where != Victim.Attacked && fault.From < seen.At && (fault.To == long.MaxValue || fault.To + Meter.Ticks(Grudge) > seen.At)))
            .Select(static seen => seen.Node).Distinct(StringComparer.Ordinal);

    private static List<TimeSpan> Lengths(Journal journal, Meter meter, long until, Func<long, bool> isCalled, Func<Fault, bool> isTrouble)
    {
        var troubles = journal.Faults.Where(isTrouble)
            .Select(fault => (fault.From, To: Math.Min(fault.To, until) + Meter.Ticks(fault.Kind.Where == Victim.Attacked ? AfterAttack : AfterOther))).ToList();
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
