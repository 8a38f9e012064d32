using System.Diagnostics;
using Warder.Faults.Load;

namespace Warder.Faults.Injection;

/// <summary>One thing that went wrong: what, where (a node's name, or the database), from when to when on the monotonic clock.</summary>
internal sealed class Fault(FaultKind kind, string where)
{
    public FaultKind Kind { get; } = kind;

    public string Where { get; } = where;

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

    public Fault Begin(FaultKind kind, string where)
    {
        var fault = new Fault(kind, where);
        lock (gate)
            faults.Add(fault);
        return fault;
    }

    /// <summary>When a node need not serve: while something befalls it, its link or the database, and while it may take to recover.</summary>
    public IReadOnlyList<(long From, long To)> Excuses(Node node)
        => [.. Faults
            .Where(fault => fault.Kind.Recovery is not null && (fault.Where == node.Name || fault.Kind.Where == Victim.Database))
            .Select(fault => (fault.From, fault.To == long.MaxValue ? fault.To : fault.To + Meter.Ticks(fault.Kind.Recovery!.Value)))];
}
