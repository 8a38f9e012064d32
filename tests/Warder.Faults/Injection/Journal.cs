using System.Diagnostics;
using Warder.Faults.Load;

namespace Warder.Faults.Injection;

/// <summary>One thing that went wrong: what, where (verifiers' names, or the database), from when to when on the monotonic clock; and the names of the applications that followed a node there.</summary>
internal sealed class Fault(FaultKind kind, IReadOnlyList<string> places, IReadOnlyList<string> followers)
{
    public FaultKind Kind { get; } = kind;

    public IReadOnlyList<string> Places { get; } = places;

    public IReadOnlyList<string> Followers { get; } = followers;

    public long From { get; } = Stopwatch.GetTimestamp();

    /// <summary>When it was mended; it lasts while that has not happened.</summary>
    public long To { get; set; } = long.MaxValue;
}

/// <summary>What went wrong, and when.</summary>
internal sealed class Journal
{
    private readonly Lock gate = new();
    private readonly List<Fault> faults = [];

    public IReadOnlyList<Fault> Faults
    {
        get
        {
            lock (gate)
                return [.. faults];
        }
    }

    public Fault Begin(FaultKind kind, IReadOnlyList<string> places, IReadOnlyList<string> followers)
    {
        var fault = new Fault(kind, places, followers);
        lock (gate)
            faults.Add(fault);
        return fault;
    }

    /// <summary>When a verifier need not serve: while something befalls it, its link, the node that it follows or the database, and while it may take to recover.</summary>
    public IReadOnlyList<(long From, long To)> Excuses(Verifier verifier)
        => [.. Faults
            .Where(fault => fault.Kind.Recovery is not null)
            .Where(fault => fault.Places.Contains(verifier.Name) || fault.Followers.Contains(verifier.Name) || fault.Kind.Where == Victim.Database)
            .Select(fault => (fault.From, fault.To == long.MaxValue ? fault.To : fault.To + Meter.Ticks(fault.Kind.Recovery!.Value)))];
}
