using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Warder.Faults.Load;

/// <summary>Counts what validations are answered, at each verifier, and in which stretches of time it answered at all.</summary>
internal sealed class Meter(IReadOnlyList<Verifier> verifiers)
{
    /// <summary>
    /// Time is looked at in stretches of this length: long enough that on a busy machine something is answered in each, and shorter than
    /// any lease.
    /// </summary>
    public static readonly TimeSpan Stretch = TimeSpan.FromMilliseconds(500);

    private const int MaxStretches = 2 * 60 * 60 * 24;
    private const int MaxOdd = 20;

    private readonly long began = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<string> odd = new();
    private readonly ConcurrentQueue<(long Called, long Returned)> changes = new();
    private readonly Dictionary<Verifier, Tally> tallies = verifiers.ToDictionary(verifier => verifier, _ => new Tally());

    /// <summary>How many were answered by nodes: "unavailable" is no answer.</summary>
    public long Validations => tallies.Where(of => of.Key is Node).Sum(of => of.Value.ByCode.Sum() - of.Value.ByCode[(int)Code.Unavailable]);

    /// <summary>How many were answered in applications, from their own memories.</summary>
    public long FromMemory => tallies.Values.Sum(tally => Volatile.Read(ref tally.FromMemory));

    /// <summary>Answers that no server should give, whatever befalls it.</summary>
    public IReadOnlyCollection<string> OddAnswers => odd;

    /// <summary>When it began, on the monotonic clock.</summary>
    public long Began => began;

    /// <summary>When each change that was done was called, and when it returned, on the monotonic clock.</summary>
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

    /// <summary>Answers to one question, in an application. Each counts; as a sign that it serves they are one.</summary>
    public void Answered(Verifier verifier, Streak streak)
    {
        var tally = tallies[verifier];
        Interlocked.Add(ref tally.ByCode[(int)streak.Code], streak.Count);
        Interlocked.Increment(ref (streak.Code == Code.Unavailable ? tally.Denied : tally.Served)[StretchOf(streak.Last.Answered)]);
    }

    /// <summary>How many of such answers came from the application's own memory.</summary>
    public void AnsweredFromMemory(Verifier verifier, int count) => Interlocked.Add(ref tallies[verifier].FromMemory, count);

    public void Unavailable(Verifier verifier, long answered, int count)
    {
        var tally = tallies[verifier];
        Interlocked.Add(ref tally.ByCode[(int)Code.Unavailable], count);
        Interlocked.Add(ref tally.Denied[StretchOf(answered)], count);
    }

    /// <summary>Validations whose connection was lost.</summary>
    public void Unanswered(Verifier verifier, int count) => Interlocked.Add(ref tallies[verifier].Unanswered, count);

    /// <summary>A change was done.</summary>
    public void Changed(long called, long returned) => changes.Enqueue((called, returned));

    public void Odd(string what, int status, ReadOnlySpan<byte> body)
    {
        if (odd.Count < MaxOdd)
            odd.Enqueue($"{what} was answered {status}: {Encoding.UTF8.GetString(body[..Math.Min(body.Length, 300)])}");
    }

    /// <summary>How a verifier served until a time, outside of some intervals on the monotonic clock.</summary>
    public Availability AvailabilityOf(Verifier verifier, IReadOnlyList<(long From, long To)> outside, long until)
    {
        var tally = tallies[verifier];
        var (served, looked) = (0.0, 0);
        List<(long From, long To)> gaps = [];
        // The first and the last stretch are not whole.
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

    /// <summary>One verifier's.</summary>
    internal sealed class Tally
    {
        public long[] ByCode { get; } = new long[Enum.GetValues<Code>().Length];

        public int[] Served { get; } = new int[MaxStretches];

        public int[] Denied { get; } = new int[MaxStretches];

        public long Unanswered;

        public long FromMemory;
    }
}

/// <summary>
/// How a verifier served: in which share of the time that was looked at, how long that was, and when it did not, or not always.
/// </summary>
internal sealed record Availability(double Share, TimeSpan Looked, IReadOnlyList<(long From, long To)> Gaps);
