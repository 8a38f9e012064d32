using System.Collections.Concurrent;
using System.Diagnostics;
using Warder.Faults.Load;

namespace Warder.Faults.Injection;

/// <summary>One fault: its kind, its place (verifiers' names, or the database), and its interval on the monotonic clock.</summary>
internal sealed class Fault(FaultKind kind, IReadOnlyList<string> places)
{
    private readonly ConcurrentDictionary<string, bool> concerned = new(StringComparer.Ordinal);

    public FaultKind Kind { get; } = kind;

    public IReadOnlyList<string> Places { get; } = places;

    public long From { get; } = Stopwatch.GetTimestamp();

    /// <summary>The applications that follow a node of this fault, at its beginning or its end.</summary>
    public void Concerns(IEnumerable<string> followers)
    {
        foreach (var follower in followers)
            concerned[follower] = true;
    }

    /// <summary>Whether the fault concerns a verifier, or the node that the verifier follows.</summary>
    public bool IsAt(Verifier verifier) => Places.Contains(verifier.Name) || concerned.ContainsKey(verifier.Name);

    /// <summary>The time of the mend; the fault lasts until then.</summary>
    public long To { get; set; } = long.MaxValue;
}

/// <summary>Records the faults and their times.</summary>
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

    public Fault Begin(FaultKind kind, IReadOnlyList<string> places)
    {
        var fault = new Fault(kind, places);
        lock (gate)
            faults.Add(fault);
        return fault;
    }

    /// <summary>
    /// Returns the intervals in which a verifier need not serve: during a fault of the verifier, its link, its node or the database, and
    /// during the recovery.
    /// </summary>
    public IReadOnlyList<(long From, long To)> Excuses(Verifier verifier)
        => [.. Faults
            .Where(fault => fault.Kind.Recovery is not null)
            .Where(fault => fault.IsAt(verifier) || fault.Kind.Where == Victim.Database)
            .Select(fault => (fault.From, fault.To == long.MaxValue ? fault.To : fault.To + Meter.Ticks(fault.Kind.Recovery!.Value)))];
}
