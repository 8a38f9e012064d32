using Warder.Bench.Http;

namespace Warder.Bench.Claims;

/// <summary>
/// <c>POST /api_keys/validations</c> with management authentication against echoes that authenticate nobody and look nothing up; the same over a million
/// keys; and fifty in one request. Rounds alternate between the servers.
/// </summary>
internal sealed class HttpValidation : Claim
{
    private const int Few = 1_000;
    private const int Many = 1_000_000;
    private const int BatchSize = 50;
    private const double Seconds = 2;

    public override string Name => "http";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var small = bench.Database(Few);
        var large = bench.Database(Many);
        using var echo = new ServerProcess("echo");
        using var constant = new ServerProcess("constant");
        using var warder = new ServerProcess("warder", small.Folder, small.TokensPath, Few.ToString());
        using var scaled = new ServerProcess("warder", large.Folder, large.TokensPath, Many.ToString());
        var few = new Load(small, Few, 1, Seconds);
        (string Name, ServerProcess Server, Load Load)[] runs =
        [
            ("warder", warder, few), ("echo", echo, few), ("constant", constant, few), ("scaled", scaled, new Load(large, Many, 1, Seconds)),
            ("batch", warder, new Load(small, Few, BatchSize, Seconds)),
        ];
        Console.Error.WriteLine($"  load by {Load.Generator}; answers of {few.AnswerLength(warder)}, {few.AnswerLength(echo)} and {few.AnswerLength(constant)} bytes");
        var results = runs.ToDictionary(run => run.Name, _ => new List<LoadResult>());
        for (var round = -1; round < bench.Rounds(9); round++)
        {
            foreach (var (name, server, load) in runs)
            {
                var result = load.Run(server);
                // The first round warms.
                if (round >= 0)
                    results[name].Add(result);
            }
        }

        yield return Throughput("validation over HTTP / minimal-API echo, throughput", results["warder"], results["echo"], 1.0, 1.15);
        yield return Throughput("validation over HTTP / raw constant bytes, throughput", results["warder"], results["constant"], 0.85, 0.95);
        yield return Throughput("the same, 1,000,000 keys / 1,000, throughput", results["scaled"], results["warder"], 0.88, 0.95);
        var batch = results["batch"].Zip(results["warder"], (fifty, one) => fifty.CpuMicroseconds / BatchSize / one.CpuMicroseconds).Median();
        yield return new Row("batch of 50, CPU each / a single one", batch, 0.15, 0.08)
        {
            Note = $"{results["batch"].Select(result => result.CpuMicroseconds / BatchSize).Median():0.00} µs each",
        };
    }

    private static Row Throughput(string claim, List<LoadResult> measured, List<LoadResult> against, double bar, double aim)
    {
        var ratio = measured.Zip(against, (a, b) => a.PerSecond / b.PerSecond).Median();
        var cpu = measured.Zip(against, (a, b) => a.CpuMicroseconds / b.CpuMicroseconds).Median();
        return new Row(claim, ratio, bar, aim)
        {
            Floor = true,
            Note = $"CPU {cpu:0.00}×; {measured.Select(r => r.PerSecond).Median():N0}/s and {measured.Select(r => r.CpuMicroseconds).Median():0.0} µs against"
                + $" {against.Select(r => r.PerSecond).Median():N0}/s and {against.Select(r => r.CpuMicroseconds).Median():0.0} µs",
        };
    }
}
