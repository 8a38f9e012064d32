using System.Collections.Concurrent;
using System.Diagnostics;
using Warder.Faults.Load;

namespace Warder.Faults.Injection;

/// <summary>
/// One thing that went wrong: what, where (verifiers' names, or the database), and from when to when on the monotonic clock.
/// </summary>
internal sealed class Fault(FaultKind kind, IReadOnlyList<string> places)
{
    private readonly ConcurrentDictionary<string, bool> concerned = new(StringComparer.Ordinal);

    public FaultKind Kind { get; } = kind;

    public IReadOnlyList<string> Places { get; } = places;

    public long From { get; } = Stopwatch.GetTimestamp();

    /// <summary>Applications follow a node that it is about, at its beginning or its end.</summary>
    public void Concerns(IEnumerable<string> followers)
    {
        foreach (var follower in followers)
            concerned[follower] = true;
    }

    /// <summary>Whether a verifier is where it is, or follows a node that is.</summary>
    public bool IsAt(Verifier verifier) => Places.Contains(verifier.Name) || concerned.ContainsKey(verifier.Name);

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

    public Fault Begin(FaultKind kind, IReadOnlyList<string> places)
    {
        var fault = new Fault(kind, places);
        lock (gate)
            faults.Add(fault);
        return fault;
    }

    /// <summary>
    /// When a verifier need not serve: while something befalls it, its link, the node that it follows or the database, and while it may
    /// take to recover.
    /// </summary>
    public IReadOnlyList<(long From, long To)> Excuses(Verifier verifier)
        => [.. Faults
            .Where(fault => fault.Kind.Recovery is not null)
            .Where(fault => fault.IsAt(verifier) || fault.Kind.Where == Victim.Database)
            .Select(fault => (fault.From, fault.To == long.MaxValue ? fault.To : fault.To + Meter.Ticks(fault.Kind.Recovery!.Value)))];
}
