using System.Runtime.CompilerServices;

namespace Warder.Core.Verification;

/// <summary>
/// How often each code was decided. Each thread counts for itself, in a place that no other writes, so that counting takes a validation a
/// nanosecond or two however many threads validate.
/// </summary>
/// <remarks>Thread-safe. What it takes in memory is bounded by the threads that live: those that have ended are folded into one.</remarks>
public sealed class DecisionCounts
{
    private const int Codes = (int)Decision.Last + 1;

    // Most processes have one of these, and the tally that a thread used last is the one that it needs.
    [ThreadStatic]
    private static Tally? latest;

    [ThreadStatic]
    private static ConditionalWeakTable<DecisionCounts, Tally>? tallies;

    private readonly Lock gate = new();
    private readonly List<Tally> living = [];
    private readonly long[] ended = new long[Codes];

    /// <summary>Counts one.</summary>
    public void Count(DecisionCode code) => Add(code, 1);

    /// <summary>Counts several.</summary>
    public void Add(DecisionCode code, long count)
    {
        var tally = latest;
        if (tally?.Owner != this)
            tally = Own();
        // No other thread writes it, and 8 bytes are written at once.
        tally.Of(code) += count;
    }

    /// <summary>How often, by the code's number, in all.</summary>
    public long[] Read()
    {
        lock (gate)
        {
            // Seen to have ended before it is read: then nothing is counted after that.
            foreach (var tally in living.Where(static tally => !tally.Thread.IsAlive).ToList())
            {
                tally.AddTo(ended);
                living.Remove(tally);
            }

            var counts = (long[])ended.Clone();
            living.ForEach(tally => tally.AddTo(counts));
            return counts;
        }
    }

    // Not on the way of those who count again.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Tally Own()
    {
        var all = tallies ??= [];
        if (!all.TryGetValue(this, out var tally))
        {
            all.Add(this, tally = new Tally(this, Thread.CurrentThread));
            lock (gate)
                living.Add(tally);
        }

        return latest = tally;
    }

    private sealed class Tally(DecisionCounts owner, Thread thread)
    {
        private Places places;

        public DecisionCounts Owner { get; } = owner;

        public Thread Thread { get; } = thread;

        public ref long Of(DecisionCode code) => ref places[Places.Apart + (int)code];

        public void AddTo(long[] counts)
        {
            for (var code = 0; code < Codes; code++)
                counts[code] += Volatile.Read(ref places[Places.Apart + code]);
        }

        // With a cache line on either side that nobody else's counts are in.
        [InlineArray(Apart + Codes + Apart)]
        private struct Places
        {
            public const int Apart = 8;

            private long first;
        }
    }
}
