using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Warder.Faults.Load;

/// <summary>Counts the answers of each verifier, and the stretches of time in which it answered.</summary>
internal sealed class Meter(IReadOnlyList<Verifier> verifiers)
{
    /// <summary>The length of a stretch: long enough for an answer in each on a busy machine, and shorter than any lease.</summary>
    public static readonly TimeSpan Stretch = TimeSpan.FromMilliseconds(500);

    private const int MaxStretches = 2 * 60 * 60 * 24;
    private const int MaxOdd = 20;

    private readonly long began = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<string> odd = new();
    private readonly ConcurrentQueue<(long Called, long Returned)> changes = new();
    private readonly Dictionary<Verifier, Tally> tallies = verifiers.ToDictionary(verifier => verifier, _ => new Tally());

    /// <summary>The number of answers by nodes: "unavailable" is not an answer.</summary>
    public long Validations
        => tallies.Where(of => of.Key is Node).Sum(of => of.Value.ByCode.Sum() - of.Value.ByCode[(int)Code.Unavailable]);

    /// <summary>The number of answers by applications, from their own memory.</summary>
    public long FromMemory => tallies.Values.Sum(tally => Volatile.Read(ref tally.FromMemory));

    /// <summary>Answers that no server may give under any fault.</summary>
    public IReadOnlyCollection<string> OddAnswers => odd;

    /// <summary>The start, on the monotonic clock.</summary>
    public long Began => began;

    /// <summary>The call and return times of each completed change, on the monotonic clock.</summary>
    public IReadOnlyCollection<(long Called, long Returned)> Changes => changes;

    public Tally this[Verifier verifier] => tallies[verifier];

    public void Answered(Verifier verifier, long answered, ReadOnlySpan<Code> codes)
    {
        var tally = tallies[verifier];
        foreach (var code in codes)
            Interlocked.Increment(ref tally.ByCode[(int)code]);
        var missing = codes.Count(Code.Unavailable);
        Interlocked.Add(ref tally.Served[StretchOf(answered)], codes.Length - missing);
        Interlocked.Add(ref tally.Denied[StretchOf(answered)], missing);
    }

    /// <summary>Counts an application's answers to one question. Each counts as an answer; for availability they are one.</summary>
    public void Answered(Verifier verifier, Streak streak)
    {
        var tally = tallies[verifier];
        Interlocked.Add(ref tally.ByCode[(int)streak.Code], streak.Count);
        Interlocked.Increment(ref (streak.Code == Code.Unavailable ? tally.Denied : tally.Served)[StretchOf(streak.Last.Answered)]);
    }

    /// <summary>Counts those of such answers that came from the application's own memory.</summary>
    public void AnsweredFromMemory(Verifier verifier, int count) => Interlocked.Add(ref tallies[verifier].FromMemory, count);

    public void Unavailable(Verifier verifier, long answered, int count)
    {
        var tally = tallies[verifier];
        Interlocked.Add(ref tally.ByCode[(int)Code.Unavailable], count);
        Interlocked.Add(ref tally.Denied[StretchOf(answered)], count);
    }

    /// <summary>Counts validations whose connection was lost.</summary>
    public void Unanswered(Verifier verifier, int count) => Interlocked.Add(ref tallies[verifier].Unanswered, count);

    /// <summary>Counts a completed change.</summary>
    public void Changed(long called, long returned) => changes.Enqueue((called, returned));

    public void Odd(string what, int status, ReadOnlySpan<byte> body)
    {
        if (odd.Count < MaxOdd)
            odd.Enqueue($"{what} was answered {status}: {Encoding.UTF8.GetString(body[..Math.Min(body.Length, 300)])}");
    }

    /// <summary>Computes a verifier's availability up to a time, outside of some intervals on the monotonic clock.</summary>
    public Availability AvailabilityOf(Verifier verifier, IReadOnlyList<(long From, long To)> outside, long until)
    {
        var tally = tallies[verifier];
        var (served, looked) = (0.0, 0);
        List<(long From, long To)> gaps = [];
        // The first and the last stretch are partial.
        for (var i = 1; i < StretchOf(until); i++)
        {
            var (from, to) = (began + (i * Ticks(Stretch)), began + ((i + 1) * Ticks(Stretch)));
            if (outside.Any(interval => interval.From < to && interval.To > from))
                continue;
            looked++;
            var share = tally.Served[i] == 0 ? 0 : (double)tally.Served[i] / (tally.Served[i] + tally.Denied[i]);
            served += share;
            if (share == 1)
                continue;
            if (gaps.Count > 0 && gaps[^1].To == from)
                gaps[^1] = (gaps[^1].From, to);
            else
                gaps.Add((from, to));
        }

        return new Availability(looked == 0 ? 0 : served / looked, looked * Stretch, gaps);
    }

    /// <summary>A duration on the monotonic clock.</summary>
    public static long Ticks(TimeSpan span) => (long)(span.TotalSeconds * Stopwatch.Frequency);

    private int StretchOf(long at) => (int)Math.Clamp((at - began) / Ticks(Stretch), 0, MaxStretches - 1);

    /// <summary>Counts the answers of one verifier.</summary>
    internal sealed class Tally
    {
        public long[] ByCode { get; } = new long[Enum.GetValues<Code>().Length];

        public int[] Served { get; } = new int[MaxStretches];

        public int[] Denied { get; } = new int[MaxStretches];

        public long Unanswered;

        public long FromMemory;
    }
}

/// <summary>The availability of a verifier: its share of the observed time, the length of that time, and the gaps.</summary>
internal sealed record Availability(double Share, TimeSpan Looked, IReadOnlyList<(long From, long To)> Gaps);
