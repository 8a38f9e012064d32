using Warder.Bench.Data;
using Warder.Bench.Http;

namespace Warder.Bench.Claims;

/// <summary>
/// Measures <c>POST /api_keys/validations</c> with management authentication against echo servers without authentication or look-up; the
/// same over a million keys; and fifty in one request. Rounds alternate between the servers, each on one processor, with the load on
/// another.
/// </summary>
internal sealed class HttpValidation : Claim
{
    private const int Few = 1_000;
    private const int Many = 1_000_000;
    private const int BatchSize = 50;
    private const double Seconds = 2;
    private const int WarmRounds = 4;
    private const double WarmSeconds = 4;

    public override string Name => "http";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var small = bench.Database(Few);
        var large = bench.Database(Many);
        using var echo = new ServerProcess("echo");
        using var constant = new ServerProcess("constant");
        using var warder = new ServerProcess("warder", small.Folder, small.TokensPath, Few.ToString());
        using var scaled = new ServerProcess("warder", large.Folder, large.TokensPath, Many.ToString());
        var few = LoadOf(small, Few, 1);
        (string Name, ServerProcess Server, Load Load)[] runs =
        [
            ("warder", warder, few), ("echo", echo, few), ("constant", constant, few), ("scaled", scaled, LoadOf(large, Many, 1)),
            ("batch", warder, LoadOf(small, Few, BatchSize)),
        ];
        Console.Error.WriteLine(
            $"  load by {Load.Generator}; answers of {few.AnswerLength(warder)}, {few.AnswerLength(echo)} and {few.AnswerLength(constant)}"
                + $" bytes");
        var results = runs.ToDictionary(run => run.Name, _ => new List<LoadResult>());
        for (var round = -WarmRounds; round < bench.Rounds(9); round++)
        {
            foreach (var (name, server, load) in runs)
            {
                var result = load.Run(server, round < 0 ? WarmSeconds : Seconds);
                // The first rounds warm up: the runtime recompiles hot code.
                if (round >= 0)
                    results[name].Add(result);
            }
        }

        yield return Throughput("validation over HTTP / minimal-API echo, throughput", results["warder"], results["echo"], 1.0, 1.15);
        yield return Throughput(
            "validation over HTTP / raw constant bytes, throughput", results["warder"], results["constant"], 0.85, 0.95);
        yield return Throughput("the same, 1,000,000 keys / 1,000, throughput", results["scaled"], results["warder"], 0.88, 0.95);
        var batch = results["batch"].Zip(
            results["warder"], (fifty, one) => fifty.CpuMicroseconds / BatchSize / one.CpuMicroseconds).Median();
        yield return new Row("batch of 50, CPU each / a single one", batch, 0.15, 0.05)
        {
            Note = $"{results["batch"].Select(result => result.CpuMicroseconds / BatchSize).Median():0.00} µs each",
        };
    }

    private static Load LoadOf(KeyDatabase database, int keys, int perRequest)
        => new(database.TokensPath, database.Authorization, keys, perRequest);

    // A server alone on one processor answers one second's requests in one second of processor time. On a shared machine it does not have
    // the processor alone, and then the rate per second of processor time is the better figure.
    private static Row Throughput(string claim, List<LoadResult> measured, List<LoadResult> against, double bar, double aim)
    {
        var pairs = measured.Zip(against).ToList();
        var wall = pairs.Select(pair => pair.First.PerSecond / pair.Second.PerSecond).Median();
        var processor = pairs.Select(pair => pair.Second.CpuMicroseconds / pair.First.CpuMicroseconds).Median();
        var shared = measured.Concat(against).Select(result => result.Utilization).Median() < 0.9;
        return new Row(claim, shared ? processor : wall, bar, aim)
        {
            Floor = true,
            Note = (
                shared
                    ? $"by processor time, for the machine was shared (by the clock {wall:0.00}×); "
                    : $"by the clock (by processor time {processor:0.00}×); ")
                + $"{measured.Select(r => r.PerSecond).Median():N0}/s and {measured.Select(r => r.CpuMicroseconds).Median():0.0} µs against"
                + $" {against.Select(r => r.PerSecond).Median():N0}/s and {against.Select(r => r.CpuMicroseconds).Median():0.0} µs",
        };
    }
}
