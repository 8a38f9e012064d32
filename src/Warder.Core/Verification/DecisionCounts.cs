using System.Runtime.CompilerServices;

namespace Warder.Core.Verification;

/// <summary>
/// Counts the decisions of each code. Each thread has its own counters, which no other thread writes. Counting therefore costs a validation
/// one or two nanoseconds, for any number of threads.
/// </summary>
/// <remarks>Thread-safe. Memory is bounded by the number of live threads: the counters of ended threads are added into one.</remarks>
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

    /// <summary>Counts one decision.</summary>
    public void Count(DecisionCode code) => Add(code, 1);

    /// <summary>Counts several decisions of one code.</summary>
    public void Add(DecisionCode code, long count)
    {
        var tally = latest;
        if (tally?.Owner != this)
            tally = Own();
        // A plain addition is safe: no other thread writes the counter, and a write of 8 bytes is atomic.
        tally.Of(code) += count;
    }

    /// <summary>Reads the total counts, by the code's number.</summary>
    public long[] Read()
    {
        lock (gate)
        {
            // The end of the thread is seen before its counters are read, so no later count is lost.
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

    // Not inlined: a thread runs this once, and the path of later counts stays short.
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

        // A cache line on either side holds no counters of other threads, so that no line is shared between writers.
        [InlineArray(Apart + Codes + Apart)]
        private struct Places
        {
            public const int Apart = 8;

            private long first;
        }
    }
}
