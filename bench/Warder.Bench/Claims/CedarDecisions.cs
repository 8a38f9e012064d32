using System.Diagnostics;
using System.Text;
using Warder.Bench.Peers;
using Warder.Bench.Policies;
using Warder.Cedar;

namespace Warder.Bench.Claims;

/// <summary>
/// Measures decisions of Warder.Cedar, with their requests built from strings, at 10 to 10,000 policies and on the workloads of the paper
/// on Cedar, beside the official engine as WebAssembly in Node. A decision is too short for the clock, so the median is that of the means
/// of batches. For the 99th percentile each decision is timed by itself, with the clock's own time in it.
/// </summary>
internal sealed class CedarDecisions : Claim
{
    private const int Batch = 500;
    private static readonly int[] Sizes = [10, 100, 1_000, 10_000];

    public override string Name => "cedar";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var peer = bench.MayFetch && HasPeer();
        var seconds = bench.Rounds(3) / 3.0;
        var scoped = new Dictionary<int, Latency>();
        var (building, reused) = (0L, 0L);
        foreach (var size in Sizes)
        {
            var workload = TeamWorkloads.Scoped(size);
            scoped.Add(size, Time(workload, seconds));
            building = Math.Max(building, Allocated(workload, index => workload.BuildAndDecide(index)));
            reused = Math.Max(reused, Allocated(workload, index => workload.Decide(index)));
            foreach (var row in Beside(bench, workload, scoped[size], peer, seconds))
                yield return row;
        }

        yield return new Row(
            "policy decision, 1,000 scope-keyed policies, request built: median", scoped[1_000].Median, 2) { Unit = " µs" };
        yield return new Row(
            "the same: 99th percentile", scoped[1_000].P99, 10) { Unit = " µs", Note = $"the clock's {ClockNanoseconds():0} ns are in it" };
        yield return Growth(bench);
        yield return new Row("bytes a policy decision allocates, request built", building, 1_024) { Unit = " B" };
        yield return new Row("the same, request reused", reused, 0) { Unit = " B" };
        yield return Parsing(bench);
        foreach (var make in Sizes.Select(size => (Func<Workload>)(() => TeamWorkloads.Shared(size)))
            .Concat([DriveWorkload.Make, RepositoryWorkload.Make, TodoWorkload.Make]))
        {
            var workload = make();
            foreach (var row in Beside(bench, workload, Time(workload, seconds), peer, seconds))
                yield return row;
        }
    }

    private static bool HasPeer()
    {
        try
        {
            CedarWasm.Install();
            return true;
        }
        catch (MissingToolException missing)
        {
            Console.Error.WriteLine($"  not beside cedar-wasm: {missing.Message}");
            return false;
        }
    }

    private static IEnumerable<Row> Beside(Bench bench, Workload workload, Latency ours, bool hasPeer, double seconds)
    {
        var note = $"median {ours.Median:0.00} µs, 99th percentile {ours.P99:0.0} µs";
        if (!hasPeer)
            return [new Row($"policy decision, {workload.Name}: median", ours.Median) { Unit = " µs", Note = note }];
        var theirs = CedarWasm.Measure(bench, workload, seconds);
        return [
            new Row($"policy decision, {workload.Name}: cedar-wasm / Warder",
                theirs.Median / ours.Median) { Note = $"{note}, against {theirs.Median:0} and {theirs.P99:0}" }];
    }

    private static Latency Time(Workload workload, double seconds)
    {
        // Until tiered compilation has finished.
        for (var round = 0; round < 4; round++)
        {
            Batches(workload, seconds / 4);
            Thread.Sleep(100);
        }

        return new Latency(Batches(workload, seconds).Median() / 1_000, Single(workload, seconds).Quantile(0.99) / 1_000);
    }

    // Alternating, so that the machine's other load is shared; long, so that each round finds the caches as it left them.
    private static Row Growth(Bench bench)
    {
        const double RoundSeconds = 0.2;
        var (few, many) = (TeamWorkloads.Scoped(Sizes[0]), TeamWorkloads.Scoped(Sizes[^1]));
        var rounds = Enumerable.Range(0, bench.Rounds(21))
            .Select(_ => (Few: Batches(few, RoundSeconds).Median(), Many: Batches(many, RoundSeconds).Median())).ToList();
        return new Row($"the same, {Sizes[^1]:N0} policies / {Sizes[0]}", rounds.Select(round => round.Many / round.Few).Median(), 2)
        {
            Note = $"{rounds.Select(round => round.Few).Median():0} ns and {rounds.Select(round => round.Many).Median():0} ns",
        };
    }

    private static List<double> Batches(Workload workload, double seconds)
    {
        var nanoseconds = new List<double>();
        var began = Stopwatch.GetTimestamp();
        for (var next = 0;
            nanoseconds.Count < 3 || Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; next = (next + Batch) % workload.Requests)
        {
            var allowed = 0;
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Batch; i++)
                allowed += workload.BuildAndDecide(next + i).IsAllowed ? 1 : 0;
            nanoseconds.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / Batch);
            if (allowed == Batch)
                throw new InvalidOperationException($"{workload.Name}: everything is allowed.");
        }

        return nanoseconds;
    }

    private static List<double> Single(Workload workload, double seconds)
    {
        var nanoseconds = new List<double>();
        var began = Stopwatch.GetTimestamp();
        for (var next = 0;
            nanoseconds.Count < 1_000 || Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; next = (next + 1) % workload.Requests)
        {
            var start = Stopwatch.GetTimestamp();
            workload.BuildAndDecide(next);
            nanoseconds.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        return nanoseconds;
    }

    // The mean allocation of a decision over a whole round, after a first round with the one-time allocations.
    private static long Allocated(Workload workload, Func<int, Decision> decide)
    {
        for (var i = 0; i < workload.Requests; i++)
            decide(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < workload.Requests; i++)
            decide(i);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return (bytes + workload.Requests - 1) / workload.Requests;
    }

    private static double ClockNanoseconds()
    {
        const int Readings = 1_000_000;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Readings; i++)
            Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Readings;
    }

    private static Row Parsing(Bench bench)
    {
        var text = TeamWorkloads.Scoped(10_000).Text;
        var bytes = Encoding.UTF8.GetByteCount(text);
        var rates = new List<double>();
        for (var round = 0; round < bench.Rounds(15) + 5; round++)
        {
            var start = Stopwatch.GetTimestamp();
            PolicySet.Parse(text).ValueOrThrow();
            var rate = bytes / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6;
            if (round >= 5)
                rates.Add(rate);
        }

        return new Row(
            "parsing policies", rates.Median(), 20) { Floor = true, Unit = " MB/s", Note = $"10,000 policies, {bytes / 1e6:0.0} MB" };
    }
}
